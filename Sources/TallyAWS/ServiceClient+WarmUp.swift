import TallyHTTP
package import TallyMetrics

extension ServiceClient {
    /// Opens a connection to a service that is reached at one host, so that the first call finds it open.
    ///
    /// Any answer will do. A failure is logged and recorded, never thrown: the first call connects by itself.
    ///
    /// - Parameters:
    ///   - service: The service.
    ///   - limit: The longest it may take.
    package func warmUp(_ service: Service, within limit: Duration = .seconds(1)) async {
        let request = Request(.get, "\(endpoints.endpoint(for: service, in: region))/")
        let call = ServiceCall(service, CallRecord.warmUp, resource: nil, models: [], request: request)
        await connect(call, within: limit)
    }

    /// Opens a connection to a bucket, whose name is part of its host.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - limit: The longest it may take.
    package func warmUp(bucket: String, within limit: Duration = .seconds(1)) async {
        do throws(ServiceError) {
            await connect(try S3(self).headBucketCall(bucket, models: []), within: limit)
        } catch {
            logWarmUp(error)
        }
    }

    /// Makes one attempt, whatever the retry policy, and takes any answer.
    private func connect(_ call: ServiceCall, within limit: Duration) async {
        var call = call
        call.request.timeouts.total = limit
        var account = CallAccount(call, in: region, at: effects.now())
        defer { account.close(at: effects.now()) }
        var progress = CallProgress(limit: 1, account, isTimed: !middleware.isEmpty)
        do throws(ServiceError) {
            let request = try await prepare(call, &progress, until: nil)
            try await once(request, call, &progress, &account.record) { (request) async throws(TransportError) in
                try await transport.send(request)
            } read: { (_: inout Response, _: inout CallRecord) in
            }
        } catch {
            account.fail(error)
            logWarmUp(error)
        }
    }

    private func logWarmUp(_ failure: ServiceError) {
        logger.warning(
            "no connection was opened ahead; the first call opens it",
            [
                "dependency": failure.service.rawValue, "resource": failure.resource ?? "",
                "code": failure.code.rawValue,
                "error": failure.message,
            ])
    }
}
