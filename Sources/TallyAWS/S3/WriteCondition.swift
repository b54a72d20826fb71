import TallyHTTP

extension S3 {
    /// What must hold of the object that a write would replace.
    public struct WriteCondition: Sendable, Hashable {
        private let name: String
        private let value: String

        /// No object of that key exists: `If-None-Match: *`.
        public static let ifAbsent = WriteCondition(name: "If-None-Match", value: "*")

        /// The object is still the one with this entity tag: `If-Match`.
        ///
        /// - Parameter eTag: The tag, with or without its quotation marks.
        /// - Returns: The condition.
        public static func ifMatch(_ eTag: String) -> WriteCondition {
            WriteCondition(name: "If-Match", value: quoted(eTag))
        }

        static func quoted(_ eTag: String) -> String {
            eTag.hasPrefix("\"") || eTag.hasPrefix("W/") ? eTag : "\"\(eTag)\""
        }

        func add(to headers: inout Headers) {
            headers.add(name, value)
        }
    }
}
