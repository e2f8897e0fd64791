import KubernetesAPI
import LinuxSystem
import Testbed
import Testing

@Suite("watches of the Kubernetes API", .timeLimit(.minutes(1)))
struct KubernetesWatchTests {
    /// The first updates of a watch in short: `= a b` for a snapshot, `+a -b` for changes.
    func updates(
        _ count: Int, _ api: StubAPI, tokenFile: String? = nil,
        _ change: (inout KubernetesTiming) -> Void = { _ in }
    ) async throws -> [String] {
        var said: [String] = []
        for await update in try api.client(tokenFile: tokenFile, change).watch(Pod.self) {
            switch update {
            case .snapshot(let pods):
                said.append(
                    (["="] + pods.map { "\($0.metadata.name)\($0.metadata.labels["v"] ?? "")" }).joined(separator: " "))
            case .changes(let changes):
                said.append(
                    changes.map { change in
                        switch change {
                        case .put(let pod): "+\(pod.metadata.name)\(pod.metadata.labels["v"] ?? "")"
                        case .delete(let key): "-\(key.name)"
                        }
                    }.joined(separator: " "))
            }
            if said.count == count { break }
        }
        return said
    }

    /// The same one by one: what comes in several pieces is told in as many updates as it happens to come in.
    func moves(_ count: Int, _ api: StubAPI) async throws -> [String] {
        var said: [String] = []
        for await update in try api.client().watch(Pod.self) {
            switch update {
            case .snapshot(let pods): said.append("= " + pods.map(\.metadata.name).joined(separator: " "))
            case .changes(let changes):
                said += changes.map { change in
                    switch change {
                    case .put(let pod): "+\(pod.metadata.name)"
                    case .delete(let key): "-\(key.name)"
                    }
                }
            }
            if said.count >= count { break }
        }
        return said
    }

    @Test("a list comes in pages of one state, and the watch begins at it")
    func pages() async throws {
        let api = try StubAPI([
            .answer(200, PodText.list(7, [PodText.pod("a", 1), PodText.pod("b", 2)], more: "to/be=continued")),
            .answer(200, PodText.list(7, [PodText.pod("c", 3)])),
            .open([PodText.event("ADDED", PodText.pod("d", 8))]),
        ])
        #expect(try await updates(2, api) { $0.page = 2 } == ["= a b c", "+d"])
        #expect(
            api.requests == [
                "GET /api/v1/pods?limit=2", "GET /api/v1/pods?limit=2&continue=to%2Fbe%3Dcontinued",
                "GET /api/v1/pods?watch=true&resourceVersion=7&allowWatchBookmarks=true&timeoutSeconds=300",
            ])
    }

    @Test("a page that is too long is asked for by halves")
    func longPages() async throws {
        let long = PodText.pod("a", 1, labels: ["text": String(repeating: "x", count: 5000)])
        let api = try StubAPI([
            .answer(200, PodText.list(7, [long, long])),
            .answer(200, PodText.list(7, [PodText.pod("a", 1)], more: "x")),
            .answer(200, PodText.list(7, [PodText.pod("b", 2)])),
        ])
        let said = try await updates(1, api) {
            $0.page = 2
            $0.largestAnswer = 4000
        }
        #expect(said == ["= a b"])
        #expect(api.requests.prefix(2) == ["GET /api/v1/pods?limit=2", "GET /api/v1/pods?limit=1"])
    }

    @Test("a selection is asked for by the list and by the watch")
    func selection() async throws {
        let api = try StubAPI([.answer(200, PodText.list(1, [])), .open([PodText.event("ADDED", PodText.pod("a", 2))])])
        let watch = try api.client().watch(Pod.self, namespace: "ns", fieldSelector: "spec.nodeName=node-1")
        var updates = watch.makeAsyncIterator()
        #expect(!watch.isConnected)
        _ = await updates.next()
        _ = await updates.next()
        #expect(watch.isConnected)
        #expect(
            api.requests == [
                "GET /api/v1/namespaces/ns/pods?fieldSelector=spec.nodeName%3Dnode-1&limit=500",
                "GET /api/v1/namespaces/ns/pods?fieldSelector=spec.nodeName%3Dnode-1&watch=true&resourceVersion=1"
                    + "&allowWatchBookmarks=true&timeoutSeconds=300",
            ])
    }

    @Test("a watch that ended goes on at the last version it heard of, be it by a bookmark")
    func resume() async throws {
        let api = try StubAPI([
            .answer(200, PodText.list(5, [PodText.pod("a", 1)])),
            .watch([PodText.event("MODIFIED", PodText.pod("a", 6, labels: ["v": "6"])), PodText.bookmark(9)]),
            .broken([PodText.event("DELETED", PodText.pod("a", 11))]),
            .open([PodText.event("ADDED", PodText.pod("b", 12))]),
        ])
        #expect(try await moves(4, api) == ["= a", "+a", "-a", "+b"])
        #expect(api.requests.dropFirst().map { $0.version } == ["5", "9", "11"])
    }

    @Test(
        "what is forgotten is listed again, and only what differs is told, deletions first", arguments: [true, false])
    func gone(asAnswer: Bool) async throws {
        let api = try StubAPI([
            .answer(200, PodText.list(5, [PodText.pod("a", 1), PodText.pod("b", 2), PodText.pod("c", 3)])),
            asAnswer
                ? .answer(410, PodText.status(410, "Expired"))
                : .open([PodText.event("ERROR", PodText.status(410, "Expired"))]),
            .answer(
                200,
                PodText.list(
                    20, [PodText.pod("b", 2), PodText.pod("c", 14, labels: ["v": "14"]), PodText.pod("d", 15)])),
            .open([PodText.event("ADDED", PodText.pod("e", 21))]),
        ])
        #expect(try await updates(3, api) == ["= a b c", "-a +c14 +d", "+e"])
        #expect(api.requests.last?.version == "20")
    }

    @Test("a list that is not the same state any more half-way begins again")
    func expiredPage() async throws {
        let api = try StubAPI([
            .answer(200, PodText.list(7, [PodText.pod("a", 1), PodText.pod("b", 2)], more: "x")),
            .answer(410, PodText.status(410, "Expired")),
            .answer(200, PodText.list(9, [PodText.pod("b", 2), PodText.pod("c", 8)])),
        ])
        #expect(try await updates(1, api) == ["= b c"])
    }

    @Test("lines may come in any pieces, and many at once")
    func pieces() async throws {
        let text =
            PodText.event("ADDED", PodText.pod("a", 2)) + "\n" + PodText.event("ADDED", PodText.pod("b", 3))
            + PodText.event("DELETED", PodText.pod("a", 4))
        let bytes = Array(text.utf8)
        let parts = stride(from: 0, to: bytes.count, by: 37).map { start in
            String(decoding: bytes[start..<min(start + 37, bytes.count)], as: UTF8.self)
        }
        let api = try StubAPI([.answer(200, PodText.list(1, [])), .open(parts)])
        #expect(try await moves(4, api) == ["= ", "+a", "+b", "-a"])
        let whole = try StubAPI([.answer(200, PodText.list(1, [])), .open([text])])
        #expect(try await updates(2, whole) == ["=", "+a +b -a"])
    }

    @Test("an object that cannot be read stays what it was and does no harm to others")
    func unreadable() async throws {
        let api = try StubAPI([
            .answer(200, PodText.list(5, [PodText.bad("x", 1), PodText.pod("a", 2)])),
            .watch([
                PodText.event("MODIFIED", PodText.bad("a", 6)), PodText.event("ADDED", PodText.pod("b", 7)),
                PodText.event("ERROR", PodText.status(410, "Gone")),
            ]),
            .answer(
                200,
                PodText.list(8, [PodText.bad("x", 1), PodText.bad("a", 6), PodText.pod("b", 7), PodText.pod("c", 8)])),
            .open([PodText.event("MODIFIED", PodText.pod("a", 9)), PodText.event("DELETED", PodText.pod("x", 10))]),
        ])
        #expect(try await moves(5, api) == ["= a", "+b", "+c", "+a", "-x"])
    }

    @Test(
        "a line that makes no sense costs a new list, and nothing is missed",
        arguments: [
            "garbage\n", "{\"type\": \"ADDED\"}\n", "[]\n", "{\"type\": \"ADDED\", \"object\": {\"metadata\": {}}}\n",
        ])
    func garbage(line: String) async throws {
        let api = try StubAPI([
            .answer(200, PodText.list(5, [PodText.pod("a", 1)])),
            .watch([PodText.event("ADDED", PodText.pod("b", 6)), line, PodText.event("ADDED", PodText.pod("c", 7))]),
            .answer(200, PodText.list(8, [PodText.pod("a", 1), PodText.pod("b", 6), PodText.pod("c", 7)])),
        ])
        #expect(try await updates(3, api) == ["= a", "+b", "+c"])
    }

    @Test("refusals are tried again, and after three of them objects are listed, whatever was said")
    func refusals() async throws {
        let api = try StubAPI([
            .answer(503, "starting"), .answer(200, "{}"), .answer(200, PodText.list(5, [PodText.pod("a", 1)])),
            .answer(504, PodText.status(504, "Timeout")), .answer(500, ""),
            .answer(500, ""),
            .answer(200, PodText.list(6, [])),
        ])
        #expect(try await updates(2, api) == ["= a", "-a"])
    }

    @Test("the token is read anew for each request, such as after the API server refused it")
    func token() async throws {
        let directory = try TemporaryDirectory("token")
        defer { directory.remove() }
        let file = directory.file("token")
        try FileSystem.atomicWrite(file, Array("old\n".utf8))
        let api = try StubAPI([.answer(401, PodText.status(401, "Unauthorized")), .answer(200, PodText.list(1, []))])
        let client = try api.client(tokenFile: file) { $0.firstPause = .milliseconds(100) }
        let pods = Task { await client.watch(Pod.self).first { _ in true } }
        while api.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        try FileSystem.atomicWrite(file, Array("new\n".utf8))
        #expect(await pods.value != nil)
        #expect(api.headers("authorization") == ["Bearer old", "Bearer new"])
    }

    @Test("a connection that is dead without a word is noticed, and the watch goes on")
    func silence() async throws {
        let api = try StubAPI([
            .answer(200, PodText.list(5, [])), .open([PodText.event("ADDED", PodText.pod("a", 6))]),
            .open([PodText.event("ADDED", PodText.pod("b", 7))]),
        ])
        #expect(try await updates(3, api) { $0.silence = .seconds(1) } == ["=", "+a", "+b"])
        #expect(api.requests.last?.version == "6")
    }

    @Test("the watch ends with its task")
    func cancellation() async throws {
        let api = try StubAPI([.answer(200, PodText.list(5, [])), .open([])])
        let client = try api.client()
        let task = Task {
            var count = 0
            for await _ in client.watch(Pod.self) { count += 1 }
            return count
        }
        while api.requests.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        #expect(await task.value == 1)
    }
}

extension String {
    /// The version that a request asks to go on from.
    fileprivate var version: String? {
        split(separator: "&").first { $0.hasPrefix("resourceVersion=") }.map {
            String($0.dropFirst("resourceVersion=".count))
        }
    }
}
