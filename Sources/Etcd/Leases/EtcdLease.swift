public import Logging
internal import Synchronization

/// A lease that is kept alive, and asked for anew when it is lost.
public final class EtcdLease: Sendable {
    private struct Held {
        var id: Int64
        var until: ContinuousClock.Instant
    }

    private let client: EtcdClient
    private let seconds: Int64
    private let logger: Logger
    private let held = Mutex<Held?>(nil)

    /// Prepares a lease; nothing is asked of etcd before ``run(onGranted:)``.
    ///
    /// - Parameters:
    ///   - client: by whose connection.
    ///   - seconds: how long keys under it outlive us; it is kept alive three times in that span.
    ///   - logger: told of what fails; the client's if nil.
    public init(client: EtcdClient, seconds: Int64, logger: Logger? = nil) {
        self.client = client
        self.seconds = seconds
        self.logger = logger ?? client.logger
    }

    /// The lease, while it is held for certain: nil as soon as it may have ended at etcd, by our own clock, counted
    /// from before the last successful keep-alive was sent.
    public var id: Int64? {
        held.withLock { held in
            guard let held, held.until > .now else { return nil }
            return held.id
        }
    }

    /// Holds the lease until the task is cancelled, then gives it back (within one request's deadline).
    ///
    /// - Parameter onGranted: called with every lease that is granted, in a task of its own; it may last as long as
    ///   the lease. It is cancelled when the lease is lost, and the next lease is asked for when it has returned.
    public func run(onGranted: @escaping @Sendable (Int64) async -> Void) async {
        var retreat = Retreat()
        while !Task.isCancelled {
            let began = ContinuousClock.now
            do throws(EtcdError) {
                let (id, granted) = try await client.grant(seconds: seconds)
                held.withLock { $0 = Held(id: id, until: began + .seconds(granted)) }
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await onGranted(id) }
                    await keep(id, granted)
                    held.withLock { $0 = nil }
                    group.cancelAll()
                }
                if Task.isCancelled { await giveBack(id) }
            } catch {
                logger.debug("\(error)")
            }
            if began.duration(to: .now) > .seconds(seconds) { retreat.succeeded() }
            retreat.failed()
            try? await Task.sleep(for: retreat.pause(free: 1))
        }
    }

    /// Keeps a lease alive; returns when it is lost, or the task is cancelled.
    private func keep(_ id: Int64, _ granted: Int64) async {
        let interval = max(Duration.seconds(granted) / 3, .milliseconds(200))
        var pause = interval
        while true {
            guard (try? await Task.sleep(for: pause)) != nil, let left = timeLeft else { return }
            let began = ContinuousClock.now
            do throws(EtcdError) {
                let seconds = try await client.keepAlive(id, timeout: left)
                held.withLock { $0?.until = began + .seconds(seconds) }
                pause = interval
            } catch {
                logger.debug("\(error)")
                if error.code == .leaseNotFound || error.code == .cancelled { return }
                pause = min(interval / 4, .seconds(1))
            }
        }
    }

    private var timeLeft: Duration? {
        held.withLock { held in
            guard let held else { return nil }
            let left = held.until - .now
            return left > .zero ? left : nil
        }
    }

    /// Revokes a lease from a task that is cancelled already.
    private func giveBack(_ id: Int64) async {
        await Task { [client, logger] in
            do throws(EtcdError) {
                try await client.revokeLease(id)
            } catch {
                logger.debug("\(error)")
            }
        }.value
    }
}
