import TallyEvents
import TallyWire
import Testing

@Suite struct EventBridgeEventTests {
    private struct InstanceState: Codable, Sendable, Hashable {
        let state: String
        let big: Int

        enum CodingKeys: String, CodingKey {
            case state
            case big = "big-number"
        }
    }

    private static let json = #"""
        {"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718","detail-type":"EC2 Instance State-change Notification",
         "source":"aws.ec2","account":"111122223333","time":"2017-12-22T18:43:48Z","region":"us-west-1",
         "resources":["arn:aws:ec2:i"],"detail":{"state":"terminated","big-number":9007199254740993},
         "replay-name":"again"}
        """#

    @Test func `a detail decodes as the handler's type`() throws {
        let event = try decoded(EventBridgeEvent<InstanceState>.self, Self.json)
        let (original, again) = try recoded(EventBridgeEvent<InstanceState>.self, Self.json)

        #expect(again == original)
        #expect(event.detail == InstanceState(state: "terminated", big: 9_007_199_254_740_993))
        #expect(event.detailType == "EC2 Instance State-change Notification")
        #expect(event.replayName == "again")
        #expect(event.timestamp == Timestamp(iso8601: "2017-12-22T18:43:48Z"))
    }

    @Test func `a detail of no type of its own keeps every digit`() throws {
        let event = try decoded(EventBridgeEvent<JSONValue>.self, Self.json)

        #expect(event.detail["big-number"] == .number("9007199254740993"))
        #expect(Set([event]).count == 1)
    }

    @Test func `a scheduled event has no detail`() throws {
        let json = Self.json.replacing(#"{"state":"terminated","big-number":9007199254740993}"#, with: "{}")

        #expect(try decoded(ScheduledEvent.self, json).detail.isEmpty)
    }
}
