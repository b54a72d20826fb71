import Glibc
import TallyMetrics
import Testing

@Suite struct LineOutputTests {
    @Test(arguments: [false, true])
    func `lines longer than a pipe stay whole, whoever else writes`(isNonBlocking: Bool) async {
        let pipe = Pipe()
        if isNonBlocking { pipe.setNonBlocking() }
        let letters = Array("abcdefgh".utf8)

        let written = await withTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                await withTaskGroup { writers in
                    for letter in letters {
                        writers.addTask {
                            for _ in 0..<5 {
                                let line = [UInt8](repeating: letter, count: 100_000) + [UInt8(ascii: "\n")]
                                #expect(pipe.output.write(line))
                            }
                        }
                    }
                }
                pipe.closeWriter()
                return []
            }
            // A thread of its own: with two cores the writers may hold every thread of the pool.
            let bytes = await onThread { pipe.readAll() }
            await group.waitForAll()
            return bytes
        }

        let lines = written.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 40)
        for line in lines {
            #expect(line.count == 100_000)
            #expect(line.allSatisfy { $0 == line.first })
        }
        pipe.closeReader()
    }

    @Test func `a reader that is gone is no error, and tells`() {
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        pipe.closeReader()

        #expect(!pipe.output.write(Array("lost\n".utf8)))
        pipe.closeWriter()
    }

    @Test func `a line is out at once`() {
        let pipe = Pipe()

        #expect(pipe.output.write(Array("now\n".utf8)))

        var bytes = [UInt8](repeating: 0, count: 16)
        #expect(read(pipe.reader, &bytes, bytes.count) == 4)
        pipe.closeWriter()
        pipe.closeReader()
    }
}

private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        let box = Unmanaged.passRetained(Job { continuation.resume(returning: body()) })
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }
}

private final class Job: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
