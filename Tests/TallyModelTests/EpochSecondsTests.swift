import Tally
import Testing

@Suite struct EpochSecondsTests {
    @Test func `an instant is stored as a number of seconds`() {
        #expect(EpochSeconds(1_700_000_000).attributeValue == .number(1_700_000_000))
    }
}
