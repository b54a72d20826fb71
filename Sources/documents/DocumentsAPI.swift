import Tally

/// An HTTP API over ``Document``: create, read, list, scan, import and delete.
@main
struct DocumentsAPI: LambdaFunction {
    private let store: Store

    init(_ start: Initialization) async throws {
        store = try await Store(start, for: Document.self)
    }

    func handle(_ request: APIGatewayV2Request, _ context: Context) async throws -> APIGatewayV2Response {
        do {
            return try await route(request)
        } catch let error as RequestError {
            return try .json(error.status.code, error)
        } catch let error as ModelError where error.code == .conflict {
            return try .json(409, RequestError(.conflict, error.message))
        }
    }

    private func route(_ request: APIGatewayV2Request) async throws -> APIGatewayV2Response {
        let method = request.requestContext.http.method
        let path = request.rawPath.split(separator: "/").map { PercentEncoding.decode(String($0)) ?? String($0) }
        guard path.first == "documents" else { throw RequestError(.notFound, "there is nothing at \(request.rawPath)") }
        let isImport = path.count == 4 && path[3] == "import"
        guard path.count < 4 || isImport else {
            throw RequestError(.notFound, "there is nothing at \(request.rawPath)")
        }
        switch (method, path.count) {
        case ("POST", 1): return try await create(request)
        case ("GET", 1): return try await search(request)
        case ("GET", 2): return try await list(path[1], request)
        case ("GET", 3): return try await read(Document.key(id: path[1], revision: path[2]))
        case ("DELETE", 3): return try await delete(Document.key(id: path[1], revision: path[2]))
        case ("POST", 4): return try await importContent(Document.key(id: path[1], revision: path[2]), request)
        default: throw RequestError(.methodNotAllowed, "\(method) is not possible at \(request.rawPath)")
        }
    }

    // MARK: - Routes

    private func create(_ request: APIGatewayV2Request) async throws -> APIGatewayV2Response {
        let document = try Document(try request.decodedBody(as: DocumentUpload.self))
        let saved = try await store.save(document, if: .absent)
        return try .json(201, DocumentView(saved))
    }

    private func read(_ key: Key<Document>) async throws -> APIGatewayV2Response {
        let document = try await existing(key)
        var view = DocumentView(document)
        if let file = document.content {
            if file.size < Self.inlineLimit {
                view.content?.base64 = Base64.encode(try await store.content(of: file))
            } else {
                view.content?.url = try await store.presignedURL(of: file)
            }
        }
        return try .json(200, view)
    }

    private func list(_ id: String, _ request: APIGatewayV2Request) async throws -> APIGatewayV2Response {
        let query = Document.query(partition: Document.partition(id))
        return try .json(
            200, DocumentList(try await store.page(query, limit: try request.limit(), after: try request.cursor())))
    }

    private func search(_ request: APIGatewayV2Request) async throws -> APIGatewayV2Response {
        let (limit, cursor) = (try request.limit(), try request.cursor())
        guard let title = request.queryStringParameters?["title"] else {
            return try .json(200, DocumentList(try await store.page(Document.scan(), limit: limit, after: cursor)))
        }
        let query = Document.query(Document.byTitle, partition: title)
        return try .json(200, DocumentList(try await store.page(query, limit: limit, after: cursor)))
    }

    private func importContent(
        _ key: Key<Document>, _ request: APIGatewayV2Request
    ) async throws -> APIGatewayV2Response {
        let order = try request.decodedBody(as: ImportOrder.self)
        var document = try await existing(key)
        let source = try await open(order)
        guard let size = source.info.contentLength else {
            throw RequestError(.badRequest, "s3://\(order.bucket)/\(order.key) does not tell its size")
        }
        let name = order.name ?? order.key.split(separator: "/").last.map(String.init) ?? order.key
        document.content = StoredFile(
            streaming: source.body, size: size, name: name,
            contentType: order.contentType ?? source.info.contentType ?? "application/octet-stream")
        return try .json(200, DocumentView(try await store.save(document)))
    }

    private func delete(_ key: Key<Document>) async throws -> APIGatewayV2Response {
        guard try await store.delete(key) else { throw Self.missing(key) }
        return APIGatewayV2Response(statusCode: 204)
    }

    // MARK: - Parts

    /// Content from this size on is answered as a URL: base64 of it would not fit into Lambda's 6 MiB.
    private static let inlineLimit = 4 << 20

    private func existing(_ key: Key<Document>) async throws -> Document {
        guard let document = try await store.get(key) else { throw Self.missing(key) }
        return document
    }

    private func open(_ order: ImportOrder) async throws -> S3.StreamedObject {
        do throws(ServiceError) {
            return try await store.s3.streamObject(.init(bucket: order.bucket, key: order.key))
        } catch {
            guard error.code == .noSuchKey || error.code == .noSuchBucket else { throw error }
            throw RequestError(.notFound, "there is no object s3://\(order.bucket)/\(order.key) to import")
        }
    }

    private static func missing(_ key: Key<Document>) -> RequestError {
        RequestError(.notFound, "there is no such document; create it with POST /documents")
    }
}
