import TallyMetrics
import TallyTestServer
import Testing

@Suite struct MetricUnitTests {
    @Test func `the units are those that CloudWatch knows`() {
        #expect(Set(MetricUnit.all.map(\.rawValue)) == EMFValidator.units)
        #expect(MetricUnit.all.count == 27)
    }

    @Test func `a name that is no unit makes none`() {
        #expect(MetricUnit(rawValue: "Apples") == nil)
        #expect(MetricUnit(rawValue: "milliseconds") == nil)
        #expect(MetricUnit(rawValue: "Count/Second") == .countPerSecond)
    }
}
