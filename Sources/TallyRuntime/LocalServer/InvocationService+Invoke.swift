import TallyHTTP
import TallyWire

extension InvocationService {
    /// Takes an event from outside, with the headers of Lambda's Invoke API.
    ///
    /// - Parameters:
    ///   - event: Its bytes.
    ///   - headers: What the caller says of it.
    ///   - id: Its request id.
    ///   - caller: Who waits for the answer.
    func invoke(_ event: [UInt8], _ headers: Headers, id: String, caller: LocalInvocation.Caller) {
        func answer(_ outcome: LocalServer.Outcome) {
            var outcome = outcome
            outcome.headers.add(LocalInvocation.idHeader, id)
            caller.answer(outcome)
        }
        let type = InvocationType(headers)
        guard event.count <= type.eventLimit else {
            return answer(.tooLarge("\(event.count) bytes", limit: type.eventLimit))
        }
        let told: Headers
        do throws(HTTPRefusal) {
            told = try Self.told(headers)
        } catch {
            return answer(.refusal(error.status, "InvalidRequestContentException", error.message))
        }
        switch type {
        case .requestResponse: enqueue(event, told, id: id, caller: caller)
        case .event:
            answer(LocalServer.Outcome(202))
            enqueue(event, told, id: id, caller: .nobody)
        case .dryRun: answer(LocalServer.Outcome(204))
        case .unknown(let name):
            answer(
                .refusal(
                    400, "InvalidParameterValueException",
                    "X-Amz-Invocation-Type: \(name). Use RequestResponse, Event or DryRun"))
        }
    }

    /// What the function is told of what the caller says.
    private static func told(_ headers: Headers) throws(HTTPRefusal) -> Headers {
        var told = Headers()
        if let context = headers["X-Amz-Client-Context"] {
            // Line breaks are white space of JSON, which a header cannot carry.
            let json = Base64.decode(context)?.map { (0x09...0x0D).contains($0) ? UInt8(ascii: " ") : $0 }
            guard let json, json.isFieldValue, let text = String(validating: json, as: UTF8.self) else {
                throw .malformed("X-Amz-Client-Context: not base 64 of JSON. Encode it with padding and in one line")
            }
            told.add("Lambda-Runtime-Client-Context", text)
        }
        if let tenant = headers["X-Amz-Tenant-Id"] {
            guard tenant.utf8.isFieldValue else {
                throw .malformed("X-Amz-Tenant-Id: a control character in it. Use letters, digits and - . _ : / = + @")
            }
            told.add("Lambda-Runtime-Aws-Tenant-Id", tenant)
        }
        let traces = headers.fields.filter { $0.name.lowercased() == "x-amzn-trace-id" }
        if traces.count == 1, let trace = traces.first?.value, trace.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
            told.add("Lambda-Runtime-Trace-Id", trace)
        }
        return told
    }
}

extension LocalServer.Outcome {
    /// The refusal of an event that is too large.
    static func tooLarge(_ seen: String, limit: Int) -> LocalServer.Outcome {
        .refusal(
            413, "RequestTooLargeException",
            "event: \(seen), Lambda takes \(limit). Put the content into S3 and send where it is")
    }
}
