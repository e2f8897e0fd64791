import LinuxSystem
import Logging

/// Tells events to the API server, each one once in a while, and never more than it can be asked to take.
public final class EventRecorder: Sendable {
    private let client: KubernetesClient
    private let source: EventDocument.Source
    private let queue: AsyncStream<KubernetesEvent>
    private let sender: AsyncStream<KubernetesEvent>.Continuation

    /// Events that may be told at once, before there is one in each ``pause``.
    private static let burst = 25
    private static let pause = Duration.seconds(2)
    /// The same event is not told again before this many seconds are over.
    private static let rest: Int64 = 600
    /// Attempts at telling one.
    private static let attempts = 3

    /// A recorder; it tells nothing before ``run()``.
    ///
    /// - Parameters:
    ///   - component: which program tells: `romana-listener`.
    ///   - host: on which node.
    public init(_ client: KubernetesClient, component: String, host: String) {
        self.client = client
        source = EventDocument.Source(component: component, host: host)
        (queue, sender) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(500))
    }

    /// Notes an event, to be told as soon as may be; where hundreds wait it is dropped.
    public func record(_ event: KubernetesEvent) { sender.yield(event) }

    /// Tells what is noted until the task is cancelled; to be called once.
    public func run() async {
        var told: [String: Int64] = [:]
        var allowance = Self.burst
        var counted = ContinuousClock.now
        for await event in queue {
            let now = Clock.wallSeconds()
            let id = "\(event.namespace)/\(event.name)"
            if let last = told[id], (0..<Self.rest).contains(now - last) { continue }
            let pauses = Int(counted.duration(to: .now) / Self.pause)
            if pauses > 0 {
                allowance = min(Self.burst, allowance + pauses)
                counted = .now
            }
            if allowance == 0 {
                try? await Task.sleep(for: Self.pause)
            } else {
                allowance -= 1
            }
            guard await tell(event) else { continue }
            told = told.count < 10_000 ? told : [:]
            told[id] = now
        }
    }

    /// Tells an event; false when it should be told as soon as somebody notes it again.
    private func tell(_ event: KubernetesEvent) async -> Bool {
        for attempt in 1...Self.attempts {
            do throws(KubernetesAPIError) {
                try await send(event)
                return true
            } catch {
                // What may not be told, or is about what is gone, is not worth another word.
                let isFinal = error.code == .forbidden || error.code == .notFound || attempt == Self.attempts
                if error.code == .cancelled { return false }
                if isFinal {
                    client.logger.warning("tell of \(event.reason) \(event.subject.metadata.key): \(error)")
                    return error.code == .forbidden || error.code == .notFound
                }
                try? await Task.sleep(for: .seconds(attempt))
            }
        }
        return false
    }

    /// Makes the event, or counts one more where it was made before.
    private func send(_ event: KubernetesEvent) async throws(KubernetesAPIError) {
        let document = EventDocument(event, source: source, now: Clock.wallSeconds())
        let namespace = event.namespace
        do {
            return try await client.create(document, in: ToldEvent.collection, namespace: namespace)
        } catch {
            guard error.code == .conflict else { throw error }
        }
        let key = ObjectKey(namespace: namespace, name: event.name)
        let count = try await client.get(ToldEvent.self, key)?.count ?? 0
        try await client.patch(
            EventRepetition(count: count + 1, lastTimestamp: document.lastTimestamp), key, in: ToldEvent.collection)
    }
}
