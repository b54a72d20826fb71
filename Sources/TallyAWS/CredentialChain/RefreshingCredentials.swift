import Synchronization
import TallyWire

/// Keeps temporary credentials, and fetches others in time.
///
/// From a quarter of an hour before they end, one caller fetches others while the rest go on with those at hand; in the
/// last ten minutes all wait for them. Credentials that live for less than an hour are renewed in the last quarter of
/// their time. However many callers wait, one fetch is under way; its failure is nobody's problem while the old
/// credentials are good, and the next is a minute later, so that a source that is down does not delay each call.
public final class RefreshingCredentials: CredentialProvider {
    private struct State {
        var current: Credentials?
        /// From here on one caller fetches others.
        var advisory: Timestamp?
        /// From here on all wait for them.
        var mandatory: Timestamp?
        var refresh: Task<Credentials, any Error>?
    }

    private enum Step {
        case use(Credentials)
        case wait(Task<Credentials, any Error>, otherwise: Credentials?)
    }

    private static let advisoryLead = Duration.seconds(900)
    private static let mandatoryLead = Duration.seconds(600)
    private static let pauseAfterFailure = Duration.seconds(60)

    private let fetch: @Sendable () async throws -> Credentials
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    /// Creates a provider.
    ///
    /// - Parameter fetch: Fetches credentials; called by one task at a time.
    public convenience init(fetch: @escaping @Sendable () async throws -> Credentials) {
        self.init(now: { .now() }, fetch: fetch)
    }

    init(now: @escaping @Sendable () -> Timestamp, fetch: @escaping @Sendable () async throws -> Credentials) {
        self.now = now
        self.fetch = fetch
    }

    /// Returns the credentials at hand, or fetches others when it is time.
    ///
    /// - Returns: Credentials that are valid now.
    /// - Throws: What the fetch throws, when the credentials at hand have ended.
    public func credentials() async throws -> Credentials {
        let time = now()
        let step = state.withLock { state -> Step in
            guard let current = state.current else { return .wait(refresh(&state), otherwise: nil) }
            guard let advisory = state.advisory, time >= advisory else { return .use(current) }
            let isUsable = current.expiration.map { time < $0 } ?? true
            let isUrgent = state.mandatory.map { time >= $0 } ?? false
            // Somebody else is fetching already, and there is time left.
            if !isUrgent, state.refresh != nil { return .use(current) }
            return .wait(refresh(&state), otherwise: isUsable ? current : nil)
        }
        switch step {
        case .use(let credentials):
            return credentials
        case .wait(let task, let otherwise):
            do {
                return try await task.value
            } catch {
                guard let otherwise else { throw error }
                return otherwise
            }
        }
    }

    /// Returns other credentials than those that a service has called expired.
    ///
    /// - Parameter rejected: What the service refused.
    /// - Returns: Those at hand when they are others already, else fresh ones.
    /// - Throws: What the fetch throws.
    public func credentials(insteadOf rejected: Credentials) async throws -> Credentials? {
        let step = state.withLock { state -> Step in
            if let current = state.current, current != rejected { return .use(current) }
            return .wait(refresh(&state), otherwise: nil)
        }
        return switch step {
        case .use(let credentials): credentials
        case .wait(let task, _): try await task.value
        }
    }

    /// The fetch that is under way, or a new one; a task of its own, which ends whoever stops waiting for it.
    private func refresh(_ state: inout State) -> Task<Credentials, any Error> {
        if let refresh = state.refresh { return refresh }
        let task = Task {
            do {
                let credentials = try await self.fetchValid()
                self.state.withLock { self.keep(credentials, in: &$0) }
                return credentials
            } catch {
                self.state.withLock { self.postpone(in: &$0) }
                throw error
            }
        }
        state.refresh = task
        return task
    }

    /// The failure is not kept: with nothing valid at hand, the next caller tries again.
    private func postpone(in state: inout State) {
        state.refresh = nil
        guard let expiration = state.current?.expiration, state.advisory != nil else { return }
        state.advisory = min(now() + Self.pauseAfterFailure, expiration)
    }

    /// Fetches, and once more when what came has ended already.
    private func fetchValid() async throws -> Credentials {
        for _ in 0..<2 {
            let credentials = try await fetch()
            guard let expiration = credentials.expiration, expiration <= now() else { return credentials }
        }
        throw ConfigurationError(
            "credentials", "those that were fetched have ended already. Set the machine's clock, or renew their source."
        )
    }

    private func keep(_ credentials: Credentials, in state: inout State) {
        state.refresh = nil
        state.current = credentials
        guard let expiration = credentials.expiration else {
            (state.advisory, state.mandatory) = (nil, nil)
            return
        }
        let lifetime = Duration.nanoseconds(expiration.nanosecondsSinceEpoch - now().nanosecondsSinceEpoch)
        state.advisory = expiration + (.zero - min(Self.advisoryLead, lifetime * 0.25))
        state.mandatory = expiration + (.zero - min(Self.mandatoryLead, lifetime * 0.16))
    }
}
