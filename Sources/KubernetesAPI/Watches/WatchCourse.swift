import Deltas
import HTTPTransfer
import Logging

/// How a ``KubernetesWatch`` goes: lists, watches, failures and what was told so far.
struct WatchCourse<Object: KubernetesResource>: Sendable {
    private let watch: KubernetesWatch<Object>
    private var ledger = ObjectLedger()
    private var hasTold = false
    /// The version to watch from; nil when a list is due.
    private var position: String?
    private var stream: WatchStream<Object>?
    /// What ended the stream after its last changes.
    private var end: KubernetesAPIError?
    private var backoff: Backoff
    /// What kind of failure was logged, since the API server answered last.
    private var told: KubernetesAPIError.Code?

    /// Refusals of a watch in a row after which the objects are listed again, whatever was said.
    private static var patience: Int { 3 }

    init(_ watch: KubernetesWatch<Object>) {
        self.watch = watch
        let timing = watch.client.timing
        backoff = Backoff(first: timing.firstPause, cap: timing.longestPause)
    }

    private var client: KubernetesClient { watch.client }
    private var plural: String { Object.collection.plural }

    mutating func next() async -> KubernetesWatch<Object>.Update? {
        while !Task.isCancelled {
            do throws(KubernetesAPIError) {
                if let update = try await step() { return update }
            } catch {
                if error.code == .cancelled, Task.isCancelled { break }
                await failed(error)
            }
        }
        close()
        return nil
    }

    /// Goes one step on: a list, the begin of a watch, or some lines of it.
    private mutating func step() async throws(KubernetesAPIError) -> KubernetesWatch<Object>.Update? {
        if let end { throw end }
        guard let position else { return try await list() }
        if stream == nil { try await open(position) }
        guard let events = try await stream?.next() else {
            let isShort = stream.map { $0.began.duration(to: .now) < .seconds(1) } ?? true
            close()
            if isShort { throw KubernetesAPIError(.unavailable, "watch \(plural): it ended as soon as it began") }
            return nil
        }
        let changes = take(events)
        return changes.isEmpty ? nil : .changes(changes)
    }

    private mutating func open(_ position: String) async throws(KubernetesAPIError) {
        let query =
            watch.selection.query + [
                ("watch", "true"), ("resourceVersion", position), ("allowWatchBookmarks", "true"),
                ("timeoutSeconds", "\(Int.random(in: client.timing.span))"),
            ]
        var request = try client.request(
            "GET", Object.collection.path(namespace: watch.selection.namespace), query: query)
        request.timeout = client.timing.beginning
        request.idleTimeout = client.timing.silence
        stream = WatchStream(try await client.stream(request))
        watch.setConnected(true)
        if told != nil { client.logger.info("watch \(plural): the API server answers again") }
        told = nil
    }

    private mutating func close() {
        // One that breaks soon after it began has not proved anything, whatever it brought.
        if let stream, stream.began.duration(to: .now) > client.timing.longestPause * 2 { backoff.reset() }
        stream = nil
        end = nil
        watch.setConnected(false)
    }

    /// Reads everything: all of it is told the first time, and then the differences, if any.
    private mutating func list() async throws(KubernetesAPIError) -> KubernetesWatch<Object>.Update? {
        var pages = ObjectPages<Object>(client, watch.selection)
        var news: [Object] = []
        // A list that fails half-way has told nothing, so it must not have been noted either.
        var ledger = ledger
        ledger.beginList()
        while let page = try await pages.next() {
            for entry in page.items {
                switch entry {
                case .object(let object): if ledger.note(object.metadata) { news.append(object) }
                case .unreadable(let metadata, let problem):
                    if metadata.map({ ledger.note($0) }) ?? true {
                        client.logUnreadable(Object.self, metadata, problem)
                    }
                }
            }
        }
        let gone = ledger.endList()
        self.ledger = ledger
        position = pages.resourceVersion
        guard hasTold else {
            hasTold = true
            return .snapshot(news)
        }
        let changes = gone.map { ObjectChange<Object>.delete($0) } + news.map { .put($0) }
        return changes.isEmpty ? nil : .changes(changes)
    }

    private mutating func take(_ events: [WatchEvent<Object>]) -> [ObjectChange<Object>] {
        var changes: [ObjectChange<Object>] = []
        for event in events {
            switch event {
            case .put(let entry):
                if let metadata = entry.metadata { move(to: metadata.resourceVersion) }
                let isNew = entry.metadata.map { ledger.note($0) } ?? true
                switch entry {
                case .object(let object): if isNew { changes.append(.put(object)) }
                case .unreadable(let metadata, let problem): client.logUnreadable(Object.self, metadata, problem)
                }
            case .delete(let metadata):
                move(to: metadata.resourceVersion)
                if ledger.remove(metadata.key) { changes.append(.delete(metadata.key)) }
            case .bookmark(let version): move(to: version)
            case .error(let error):
                end = error
                return changes
            case .other(let type): client.logger.debug("watch \(plural): a line of type \(type) is passed over")
            }
        }
        return changes
    }

    private mutating func move(to version: String) {
        if !version.isEmpty { position = version }
    }

    /// Decides how to go on after a failure, and waits before that.
    private mutating func failed(_ error: KubernetesAPIError) async {
        close()
        let isFirst = backoff.failures == 0
        let pause = backoff.next(jitter: .random(in: 0...1))
        if error.code == .expired {
            position = nil
        } else if [.unavailable, .other, .notFound].contains(error.code), backoff.failures >= Self.patience {
            // Such as after a restore of its store, when it has not come to our version yet. Who is not let in, or asks
            // too much, would only ask more by a list.
            position = nil
        }
        if error.code == told {
            client.logger.debug("\(error)")
        } else if error.code == .expired {
            client.logger.info("\(plural) are listed anew: \(error)")
        } else {
            client.logger.warning("\(error)")
            told = error.code
        }
        // What has expired is listed at once, unless that did not help before.
        if error.code != .expired || !isFirst { try? await Task.sleep(for: pause) }
    }
}
