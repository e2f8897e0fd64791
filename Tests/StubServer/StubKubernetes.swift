public import LinuxSystem
import Synchronization

/// An API server of Kubernetes in small: it lists and watches the objects that a test gives it, and notes what is posted.
///
/// Objects are texts of JSON with `VERSION` where their resourceVersion belongs. Nothing is checked.
public final class StubKubernetes: Sendable {
    private struct Entry {
        var text: String
        var path: String
        var name: String
    }

    private struct State {
        var version = 1
        var objects: [Entry] = []
        /// What happened, with the version that came of it.
        var history: [(version: Int, type: String, entry: Entry)] = []
        /// Versions up to this one are forgotten.
        var forgotten = 0
        var posted: [String] = []
        var isDown = false
        var epoch = 0
    }

    private final class Store: Sendable {
        let state = Mutex(State())
    }

    private let store: Store
    private let server: StubServer

    /// An empty one.
    public init() throws(SystemError) {
        let store = Store()
        self.store = store
        server = try StubServer { connection in
            while let request = connection.readRequest() {
                guard !store.state.withLock(\.isDown), Self.serve(request, connection, store) else { return }
            }
        }
    }

    /// Where it listens.
    public var url: String { server.url }

    /// The bodies of what was made by requests, such as events.
    public var posted: [String] { store.state.withLock(\.posted) }

    /// Makes or replaces an object of a collection such as `/api/v1/pods`; the text has `VERSION` for its version.
    public func put(_ path: String, _ name: String, _ text: String) {
        store.state.withLock { state in
            state.version += 1
            let entry = Entry(
                text: Self.replaced(text, "VERSION", with: "\(state.version)"), path: path, name: name)
            if let index = state.objects.firstIndex(where: { $0.path == path && $0.name == name }) {
                state.objects[index] = entry
                state.history.append((state.version, "MODIFIED", entry))
            } else {
                state.objects.append(entry)
                state.history.append((state.version, "ADDED", entry))
            }
        }
    }

    /// Takes an object away.
    public func delete(_ path: String, _ name: String) {
        store.state.withLock { state in
            guard let index = state.objects.firstIndex(where: { $0.path == path && $0.name == name }) else { return }
            state.version += 1
            state.history.append((state.version, "DELETED", state.objects.remove(at: index)))
        }
    }

    /// Forgets what happened so far: whoever watches from there on is told that it is gone.
    public func compact() {
        store.state.withLock { state in
            state.history = []
            state.forgotten = state.version
            state.epoch += 1
        }
    }

    /// Ends every watch and answers nothing for as long as it is down.
    public var isDown: Bool {
        get { store.state.withLock(\.isDown) }
        set {
            store.state.withLock { state in
                state.isDown = newValue
                state.epoch += 1
            }
        }
    }

    /// Serves one request; false when the connection is over with it.
    private static func serve(_ request: StubRequest, _ connection: StubConnection, _ store: Store) -> Bool {
        let parts = request.path.split(separator: "?", maxSplits: 1).map(String.init)
        let query = Dictionary(
            (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
                let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
                return (sides[0], sides.count > 1 ? sides[1] : "")
            }, uniquingKeysWith: { $1 })
        if request.method != "GET" {
            store.state.withLock { $0.posted.append(request.text) }
            return connection.send(StubAnswer(201, "{}").bytes)
        }
        if let text = object(at: parts[0], store) {
            let answer =
                text.isEmpty ? StubAnswer(404, "{\"reason\": \"NotFound\", \"code\": 404}") : StubAnswer(200, text)
            return connection.send(answer.bytes)
        }
        guard query["watch"] != nil else {
            let (items, version) = store.state.withLock { state in
                (state.objects.filter { $0.path == parts[0] }.map(\.text), state.version)
            }
            let list =
                "{\"metadata\": {\"resourceVersion\": \"\(version)\"}, \"items\": [\(items.joined(separator: ","))]}"
            return connection.send(StubAnswer(200, list).bytes)
        }
        watch(parts[0], from: query["resourceVersion"].flatMap { Int($0) } ?? 0, connection, store)
        return false
    }

    /// The object of a path such as `/api/v1/nodes/n`, empty where there is none; nil when that is no path of one.
    private static func object(at path: String, _ store: Store) -> String? {
        let parts = path.split(separator: "/")
        guard parts.count == 4, parts[2] == "nodes" else { return nil }
        return store.state.withLock { state in
            state.objects.first { $0.path == "/api/v1/nodes" && $0.name == parts[3] }?.text ?? ""
        }
    }

    private static func watch(_ path: String, from start: Int, _ connection: StubConnection, _ store: Store) {
        var position = start
        let epoch = store.state.withLock(\.epoch)
        guard store.state.withLock(\.forgotten) <= start else {
            connection.send(StubAnswer(410, "{\"reason\": \"Expired\", \"code\": 410}").bytes)
            return
        }
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while true {
            let news = store.state.withLock { state -> [(version: Int, type: String, entry: Entry)]? in
                state.epoch == epoch ? state.history.filter { $0.version > position } : nil
            }
            guard let news else { return }
            for item in news {
                position = item.version
                guard item.entry.path == path else { continue }
                let line = "{\"type\": \"\(item.type)\", \"object\": \(item.entry.text)}\n"
                guard connection.send("\(String(line.utf8.count, radix: 16))\r\n\(line)\r\n") else { return }
            }
            // An empty line tells whether anybody is still there.
            if news.isEmpty, !connection.send("1\r\n\n\r\n") { return }
            connection.pause(milliseconds: 10)
        }
    }

    private static func replaced(_ text: String, _ word: String, with other: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.indices.first(where: { rest[$0...].hasPrefix(word) }) {
            result += rest[..<start] + other
            rest = rest[rest.index(start, offsetBy: word.count)...]
        }
        return result + rest
    }
}
