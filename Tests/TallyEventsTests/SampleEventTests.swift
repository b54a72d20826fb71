import Foundation
import TallyEvents
import Testing

@Suite(.enabled(if: SampleEvent.areHere, "the shared sample events are not here")) struct SampleEventTests {
    @Test(arguments: SampleEvent.all)
    func `of AWS's sample, members are lost only where AWS does not document them`(_ sample: SampleEvent) throws {
        let bytes = try SampleEvent.bytes(of: sample.name)
        let original = try jsonObject(bytes)
        let encoded = try jsonObject(sample.recode(bytes))

        #expect(Self.missing(from: encoded, of: original) == sample.undocumented)
        #expect(Self.missing(from: original, of: encoded) == [])
    }

    @Test(arguments: SampleEvent.all)
    func `AWS's sample encodes back as it was`(_ sample: SampleEvent) throws {
        let bytes = try SampleEvent.bytes(of: sample.name)
        let original = try #require(try jsonObject(bytes) as? [String: Any])
            .filter { !sample.undocumented.contains($0.key) }

        #expect(try jsonObject(sample.recode(bytes)) == original as NSDictionary)
    }

    @Test func `a member that is lost is found wherever it is`() throws {
        let original = try jsonObject(Array(#"{"a":[{"b":1,"c":{"d":2}}],"e":[1,2]}"#.utf8))
        let encoded = try jsonObject(Array(#"{"a":[{"b":1,"c":{}}],"e":[1]}"#.utf8))

        #expect(Self.missing(from: encoded, of: original) == ["a[0].c.d", "e[1]"])
    }

    @Test func `no sample of these sources is left out`() throws {
        let sources = ["alb__", "apigateway__", "dynamodb__", "s3__", "sns__", "sqs__"]
        let names = try FileManager.default.contentsOfDirectory(atPath: SampleEvent.folder.path)
            .filter { name in sources.contains { name.hasPrefix($0) } }
            .map { $0.replacing(".json", with: "") }

        #expect(Set(names).subtracting(SampleEvent.all.map(\.name)) == ["s3__batch-invocation"])
    }

    /// The paths of what is in one value and not in another.
    private static func missing(from encoded: Any?, of original: Any, at path: String = "") -> Set<String> {
        if let object = original as? [String: Any] {
            let other = encoded as? [String: Any]
            return object.reduce(into: []) { paths, member in
                let path = path.isEmpty ? member.key : "\(path).\(member.key)"
                guard let value = other?[member.key] else {
                    paths.insert(path)
                    return
                }
                paths.formUnion(missing(from: value, of: member.value, at: path))
            }
        }
        guard let array = original as? [Any] else { return [] }
        let other = encoded as? [Any] ?? []
        return array.indices.reduce(into: []) { paths, index in
            let path = "\(path)[\(index)]"
            guard other.indices.contains(index) else {
                paths.insert(path)
                return
            }
            paths.formUnion(missing(from: other[index], of: array[index], at: path))
        }
    }
}
