import TallyRuntime

/// Answers with the bytes of the event, in pieces of 4 KiB.
@main
struct Stream: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ event: Payload, _ context: Context) -> StreamingResponse {
        StreamingResponse { writer in
            for start in stride(from: 0, to: event.bytes.count, by: 4_096) {
                try await writer.write(event.bytes[start...].prefix(4_096))
            }
        }
    }
}
