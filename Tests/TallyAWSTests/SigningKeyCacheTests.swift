import TallyWire
import Testing

@testable import TallyAWS

struct SigningKeyCacheTests {
    private struct Place {
        var secret = "secret"
        var date = "20150830"
        var region: Region = "us-east-1"
        var service = "iam"

        func key(in cache: SigningKeyCache) -> [UInt8] {
            cache.key(secret: secret, date: date, region: region, service: service)
        }
    }

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    @Test func `a key is derived from secret, day, region and service`() {
        let place = Place(secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

        #expect(
            Hex.encode(place.key(in: SigningKeyCache()))
                == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")
    }

    @Test(arguments: [
        Place(secret: "other"), Place(date: "20150831"), Place(region: "eu-central-1"), Place(service: "kms"),
    ])
    private func `a key that is held serves only its own secret, day, region and service`(other: Place) {
        let cache = SigningKeyCache()
        let first = Place().key(in: cache)

        let second = other.key(in: cache)

        #expect(second != first)
        #expect(second == other.key(in: SigningKeyCache()))
        #expect(Place().key(in: cache) == first)
    }

    @Test func `a key is held once, and of many keys the last four`() {
        let cache = SigningKeyCache()
        let first = Place().key(in: cache)
        _ = Place().key(in: cache)
        #expect(cache.count == 1)

        for index in 0..<10 { _ = Place(secret: "\(index)").key(in: cache) }

        #expect(cache.count == 4)
        #expect(Place().key(in: cache) == first)
    }
}
