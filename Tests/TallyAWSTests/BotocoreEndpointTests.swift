import Foundation
import TallyMetrics
import Testing

@testable import TallyAWS

/// Each service in each region of each partition, where the independent client finds it.
@Suite(.enabled(if: EndpointCase.arePresent, "TALLY_ENDPOINT_CASES is not set"))
struct BotocoreEndpointTests {
    private static let partitions = Set(EndpointCase.all.map(\.partition)).sorted()

    @Test func `there are eight partitions or more, with every service in each`() {
        #expect(Self.partitions.count >= 8)
        #expect(Set(EndpointCase.all.map(\.service)) == Set(Service.known.map(\.rawValue)))
        for partition in Self.partitions {
            let endpoints = EndpointCase.all.filter { $0.partition == partition }
            #expect(Set(endpoints.map(\.service)).count == Service.known.count, "\(partition)")
            #expect(endpoints.contains { $0.region.hasSuffix("-99") }, "\(partition)")
        }
    }

    @Test(arguments: partitions)
    func `a service is called where botocore calls it, in regions to come too`(partition: String) throws {
        for expected in EndpointCase.all where expected.partition == partition && expected.bucket == nil {
            let endpoint = Endpoints().endpoint(
                for: Service(rawValue: expected.service), in: try Region(expected.region))
            #expect(endpoint.description == expected.url, "by botocore's \(expected.source)")
        }
    }

    @Test(arguments: partitions)
    func `a bucket has the host or the path that botocore gives it`(partition: String) throws {
        let expected = EndpointCase.all.filter { $0.partition == partition && $0.bucket != nil }
        #expect(!expected.isEmpty)
        for expected in expected {
            let url = try Endpoints().bucketURL(try #require(expected.bucket), in: try Region(expected.region))
            #expect(url == expected.url)
        }
    }

    @Test func `signatures and variables name services as botocore does`() {
        for expected in EndpointCase.all {
            let service = Service(rawValue: expected.service)
            #expect(service.signingName == expected.signingName)
            #expect("AWS_ENDPOINT_URL_\(service.endpointVariable)" == expected.variable)
        }
    }
}

/// An endpoint that botocore chose, as `scripts/support/endpoint_cases.py` writes it.
private struct EndpointCase: Decodable {
    let partition: String
    let region: String
    let service: String
    let bucket: String?
    let source: String
    let url: String
    let signingName: String
    let variable: String

    static let all: [EndpointCase] = CaseFile.lines(of: "TALLY_ENDPOINT_CASES", madeBy: "endpoint_cases.py")
    static var arePresent: Bool { CaseFile.isNamed(by: "TALLY_ENDPOINT_CASES") }
}
