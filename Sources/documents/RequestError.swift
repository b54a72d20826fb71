import Tally

/// A request that is answered with an error status.
struct RequestError: Error, Encodable {
    struct Status {
        let code: Int
        let name: String

        static let badRequest = Status(code: 400, name: "BadRequest")
        static let notFound = Status(code: 404, name: "NotFound")
        static let methodNotAllowed = Status(code: 405, name: "MethodNotAllowed")
        static let conflict = Status(code: 409, name: "Conflict")
    }

    struct Content: Encodable {
        let code: String
        let message: String
    }

    let status: Status
    let error: Content

    init(_ status: Status, _ message: String) {
        self.status = status
        error = Content(code: status.name, message: message)
    }

    enum CodingKeys: CodingKey {
        case error
    }
}
