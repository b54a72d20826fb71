import TallyTestServer
import Testing

/// The oracle's own test: each rule broken once.
@Suite struct EMFValidatorTests {
    private static let now: Int64 = 1_795_219_143_364
    private static let right = """
        {"_aws":{"Timestamp":1795219143364,"CloudWatchMetrics":[{"Namespace":"Tally","Dimensions":[["service"]],\
        "Metrics":[{"Name":"A","Unit":"Count"}]}]},"service":"orders","A":1}

        """

    private func violations(_ line: String) -> [String] {
        EMFValidator.violations(in: Array(line.utf8), now: Self.now)
    }

    @Test func `a right line passes`() {
        #expect(violations(Self.right) == [])
    }

    @Test(arguments: [
        (#""A":1}"#, #""A":"1"}"#), (#""A":1}"#, #""A":1e400}"#), (#""A":1}"#, #""A":NaN}"#), (#""A":1}"#, #""B":1}"#),
        (#""A":1}"#, #""A":[]}"#), (#""A":1}"#, #""A":1,"A":2}"#), (#""A":1}"#, #""A":1,"_aws":"boom"}"#),
        (#""A":1}"#, #""A":1e200}"#),
        (#""service":"orders""#, #""service":"""#), (#""service":"orders""#, #""service":" ""#),
        (#""service":"orders""#, #""service":7"#), (#""service":"orders""#, #""service":"\u0007""#),
        (#""service":"orders""#, #""service":"ü""#), (#""service":"orders","#, ""),
        (#""Namespace":"Tally""#, #""Namespace":"bad ns ü""#), (#""Namespace":"Tally""#, #""Namespace":"AWS/Lambda""#),
        (#""Namespace":"Tally""#, #""Namespace":"""#), (#"[["service"]]"#, "[]"), (#"[["service"]]"#, #"[["A"]]"#),
        (#""Unit":"Count""#, #""Unit":"Apples""#), (#""Unit":"Count""#, #""Unit":"Count","StorageResolution":30"#),
        (#"{"Name":"A","Unit":"Count"}"#, #"{"Name":"A","Unit":"Count"},{"Name":"A","Unit":"Seconds"}"#),
        (#"{"Name":"A","Unit":"Count"}"#, #"{"Name":"","Unit":"Count"}"#),
        (#"[["service"]]"#, #"[["service","service"]]"#), (#"[["service"]]"#, #"[["service"],["service"]]"#),
        (
            #"{"Name":"A","Unit":"Count"}]}"#,
            #"{"Name":"A"}]},{"Namespace":"B","Dimensions":[[]],"Metrics":[{"Name":"A"}]}"#
        ),
        (#"{"Name":"A","Unit":"Count"}]}"#, #"]},{"Namespace":"B","Dimensions":[[]],"Metrics":[{"Name":"service"}]}"#),
        ("1795219143364", "1795219143364.5"), ("1795219143364", "5"), ("{\"_aws\"", "\n{\"_aws\""), ("\n", ""),
    ])
    func `each violation is found`(part: String, replacement: String) throws {
        let position = try #require(Self.right.firstRange(of: part))
        let wrong = Self.right.replacingCharacters(in: position, with: replacement)

        #expect(violations(wrong) != [])
    }
}

extension String {
    fileprivate func firstRange(of part: String) -> Range<Index>? {
        ranges(of: part).first
    }

    fileprivate func replacingCharacters(in range: Range<Index>, with replacement: String) -> String {
        String(self[..<range.lowerBound] + replacement + self[range.upperBound...])
    }
}
