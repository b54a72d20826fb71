import Foundation
import TallyTestServer
import Testing

/// Thousands of invocations of every outcome, in a process of its own.
@Suite(.serialized) struct RuntimeSoakTests {
    /// What becomes of an invocation, by what its event says.
    private enum Ending: String, CaseIterable {
        case answer, `throw`, undecodable, after, stream
        case afterThrows = "after throws"
        case streamThrows = "stream throws"
        case refused, suspend
        case tooLarge = "too large"

        init(_ number: Int) {
            switch number {
            case _ where number % 1_000 == 500: self = .suspend
            case _ where number % 1_000 == 700: self = .tooLarge
            default: self = Self.allCases[number % 8]
            }
        }

        var outcome: String {
            switch self {
            case .answer, .after, .stream, .refused: "success"
            case .throw, .undecodable, .afterThrows, .streamThrows: "error"
            case .suspend: "timeout"
            case .tooLarge: "ResponseTooLarge"
            }
        }

        var isPostedAsError: Bool { [.throw, .undecodable, .suspend, .tooLarge].contains(self) }
    }

    // The sanitizer takes twenty times as long.
    private static let isSanitized = ProcessInfo.processInfo.environment["TSAN_OPTIONS"] != nil
    private static let count = isSanitized ? 2_000 : 10_000

    private func event(_ number: Int) -> RuntimeAPI.Event {
        let ending = Ending(number)
        let body = ending == .undecodable ? "{" : #"{"text":"\#(ending.rawValue)","count":\#(number)}"#
        return RuntimeAPI.Event(
            body: body, milliseconds: ending == .suspend ? 1_000 : 86_400_000,
            status: ending == .refused ? "413 Request Entity Too Large" : "202 Accepted")
    }

    @Test(arguments: [1, 64])
    func `of ten thousand invocations each is answered once and has one line, and nothing is left behind`(
        concurrency: Int
    ) async throws {
        let run = try FunctionRun(
            handler: "mixed", RuntimeAPI((0..<Self.count).map(event)),
            concurrency == 1 ? [:] : ["AWS_LAMBDA_MAX_CONCURRENCY": "\(concurrency)"])
        try await run.wait("a third", for: .seconds(300)) { run.api.postCount >= Self.count / 3 }
        let early = run.resources
        try await run.wait("all", for: .seconds(300)) {
            run.api.postCount >= Self.count && run.api.nextCount >= Self.count + concurrency
        }

        try expectAnswers(run.api.posts)
        expectLines(run.metrics)
        let late = run.resources
        // A connection for each event that is waited for, and few others.
        #expect(late.descriptors <= concurrency + 20)
        // What 7 MB answers leave in the heap, and the sanitizer's own books.
        if !Self.isSanitized { #expect(late.kilobytes < early.kilobytes + 32_768) }
    }

    private func expectAnswers(_ posts: [RuntimeAPI.Post]) throws {
        var answered = Set<Int>()
        for post in posts {
            let parts = post.path.split(separator: "/")
            let number = try #require(parts.count > 1 ? Int(parts[1].dropFirst("request-".count)) : nil)
            let ending = Ending(number)
            #expect(answered.insert(number).inserted, "request-\(number) was answered twice")
            #expect((parts[2] == "error") == ending.isPostedAsError, "\(ending) \(post.path)")
            switch ending {
            case .answer, .after, .afterThrows, .refused:
                #expect(post.text == #"{"text":"request-\#(number)","count":\#(number)}"#)
            case .throw:
                #expect(post.json?["errorMessage"] as? String == "\(number)")
            case .stream:
                #expect(post.trailers == [] && post.text.hasSuffix("xrequest-\(number)"))
            case .streamThrows:
                let expected = Data(#"{"errorMessage":"\#(number)","errorType":"OrderRefused","stackTrace":[]}"#.utf8)
                #expect(post.trailers.last?.hasSuffix(expected.base64EncodedString()) == true)
            case .undecodable, .suspend, .tooLarge: break
            }
        }
        #expect(answered.count == Self.count)
    }

    private func expectLines(_ lines: [[String: Any]]) {
        var told = Set<Int>()
        for line in lines {
            let number = (line["requestId"] as? String).flatMap { Int($0.dropFirst("request-".count)) } ?? -1
            let ending = Ending(number)
            #expect(told.insert(number).inserted, "request-\(number) has two lines")
            #expect(line["outcome"] as? String == ending.outcome, "request-\(number): \(ending)")
            guard ending != .undecodable else { continue }
            #expect(line["Number"] as? Int == number)
            #expect(line["DynamoDBOperations"] as? Int == number % 4)
        }
        #expect(told.count == Self.count)
    }
}
