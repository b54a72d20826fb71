import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct MetricsSummaryTests {
    private let scope = MetricsScope(
        emitter: nil, anchor: WallClockAnchor(Moment(epoch), time: Timestamp(milliseconds: 0)))

    private func failed(_ number: Int) -> CallRecord {
        record { call in
            call.outcome = .error
            call.errorCode = "Code\(number)"
            call.requestID = "ID\(number)"
        }
    }

    @Test func `an operation is summed up with its rates, times and units`() throws {
        for milliseconds in 1...10 {
            let call = record { call in
                call.duration = .milliseconds(milliseconds)
                call.writeUnits = 1.5
                call.outcome = milliseconds > 8 ? .error : milliseconds > 5 ? .conditionalFailure : .success
            }
            MetricsScope.record(call, in: scope)
        }
        MetricsScope.record(record(.kms, "Decrypt", on: nil), in: scope)

        let summary = scope.snapshot().summary
        #expect(summary.map(\.key.operation) == ["PutItem", "Decrypt"])
        let put = try #require(summary.first)
        #expect(put.count == 10)
        #expect(put.errorRate == 0.2)
        #expect(put.totalErrors == 2)
        #expect(put.average == .microseconds(5_500))
        #expect((put.minimum, put.maximum) == (.milliseconds(1), .milliseconds(10)))
        let bounds: [(Duration?, Int)] = [(put.p50, 5), (put.p90, 9), (put.p99, 10)]
        for (found, exact) in bounds {
            let milliseconds = try #require(found) / .milliseconds(1)
            #expect(milliseconds >= Double(exact) && milliseconds <= Double(exact) * 1.0625)
        }
        #expect((put.readUnits, put.writeUnits) == (nil, 15))
    }

    @Test func `the last five errors are kept by code and request id, in the order in which they ended`() {
        for number in [3, 1, 7, 2, 6, 4, 5] {
            MetricsScope.record(failed(number), in: scope, at: epoch + .milliseconds(number))
        }

        let errors = scope.snapshot().summary[0].recentErrors
        #expect(errors.map(\.code) == ["Code3", "Code4", "Code5", "Code6", "Code7"])
        #expect(errors.map(\.requestID) == ["ID3", "ID4", "ID5", "ID6", "ID7"])
        #expect(errors.map(\.time.milliseconds) == [3, 4, 5, 6, 7])
    }

    @Test func `the end of a call and of local work is told to the millisecond`() {
        let end = epoch + .nanoseconds(1_999_999)
        MetricsScope.record(record(), in: scope, at: end)
        scope.addTime(.nanoseconds(5), to: .saveEncode, at: end)

        let snapshot = scope.snapshot()
        #expect(snapshot.operations[0].times.lastEnd == Timestamp(milliseconds: 1))
        #expect(snapshot.statistics.times[.saveEncode]?.lastEnd == Timestamp(milliseconds: 1))
    }

    @Test func `a model's errors are its own, and forgotten when its figures begin anew`() {
        let model = ModelName(rawValue: "Document")
        var call = failed(1)
        call.models = [model]
        MetricsScope.record(call, in: scope)
        MetricsScope.record(failed(2), in: scope)

        #expect(scope.snapshot(for: model).summary[0].recentErrors.map(\.code) == ["Code1"])
        scope.reset(model)
        #expect(scope.snapshot(for: model).summary.isEmpty)
        #expect(scope.snapshot().summary[0].totalErrors == 2)
    }

    @Test func `each service has its part of the time, none when idle`() {
        #expect(scope.snapshot().shares == [.dynamoDB: 0, .kms: 0, .s3: 0])
        #expect(MetricsSnapshot.unrecorded.shares == [.dynamoDB: 0, .kms: 0, .s3: 0])

        let times: [(Service, Int)] = [(.dynamoDB, 1), (.kms, 5), (.sqs, 2)]
        for (service, milliseconds) in times {
            MetricsScope.record(record(service) { $0.duration = .milliseconds(milliseconds) }, in: scope)
        }

        #expect(scope.snapshot().shares == [.dynamoDB: 0.125, .kms: 0.625, .s3: 0, .sqs: 0.25])
    }

    @Test func `a service's times are those of all its operations`() {
        MetricsScope.record(record(.s3, "PutObject") { $0.duration = .milliseconds(3) }, in: scope)
        MetricsScope.record(record(.s3, "GetObject") { $0.duration = .milliseconds(1) }, in: scope)
        MetricsScope.record(record(.kms, "Decrypt") { $0.duration = .milliseconds(9) }, in: scope)

        let times = scope.snapshot().times(of: .s3)
        #expect((times.count, times.average) == (2, .milliseconds(2)))
        #expect(scope.snapshot().times(of: .sqs).count == 0)
    }
}
