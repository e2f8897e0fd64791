import KubernetesAPI
import Testing

@testable import struct KubernetesAPI.EventDocument

@Suite("events on objects of the Kubernetes API", .timeLimit(.minutes(1)))
struct EventTests {
    static func event(_ name: String = "p", _ message: String = "as it is") -> KubernetesEvent {
        KubernetesEvent(
            .init(
                apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy",
                ObjectMetadata(namespace: "ns", name: name, uid: "u", resourceVersion: "7")),
            kind: .warning, reason: "Refused", message: message)
    }

    /// Tells events, until the API server has been asked so often.
    func tell(_ events: [KubernetesEvent], to api: StubAPI, until count: Int) async throws {
        let recorder = EventRecorder(try api.client(), component: "test", host: "node-1")
        let running = Task { await recorder.run() }
        for event in events { recorder.record(event) }
        while api.requests.count < count { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .milliseconds(50))
        running.cancel()
        await running.value
    }

    @Test("an event is about its object, and the same is told once")
    func once() async throws {
        let api = try StubAPI([.answer(201, "{}"), .answer(201, "{}")])
        try await tell([Self.event(), Self.event(), Self.event("q"), Self.event()], to: api, until: 2)
        #expect(api.requests == Array(repeating: "POST /api/v1/namespaces/ns/events", count: 2))
        let body = try #require(api.bodies.first)
        for part in [
            #""involvedObject":{"#, #""kind":"NetworkPolicy""#, #""name":"p""#, #""uid":"u""#,
            #""resourceVersion":"7""#,
            #""type":"Warning""#, #""reason":"Refused""#, #""message":"as it is""#, #""component":"test""#,
        ] { #expect(body.contains(part), "\(part)") }
    }

    @Test("one that was told before, by whomever, is counted")
    func repetition() async throws {
        let api = try StubAPI([
            .answer(409, PodText.status(409, "AlreadyExists")),
            .answer(200, #"{"metadata": {"name": "x", "namespace": "ns"}, "count": 3}"#), .answer(200, "{}"),
        ])
        try await tell([Self.event()], to: api, until: 3)
        #expect(api.requests.last?.hasPrefix("PATCH /api/v1/namespaces/ns/events/p.") ?? false)
        #expect(api.bodies.last?.contains(#""count":4"#) ?? false)
    }

    @Test("what may not be told is let be, and what failed is tried again")
    func failures() async throws {
        let api = try StubAPI([
            .answer(403, PodText.status(403, "Forbidden")), .answer(500, ""), .answer(201, "{}"),
        ])
        try await tell([Self.event("p"), Self.event("q")], to: api, until: 3)
        #expect(api.bodies.map { $0.contains(#""name":"p""#) } == [true, false, false])
    }

    @Test("an event on an object in no namespace is told in the default one")
    func clusterWide() async throws {
        let api = try StubAPI([.answer(201, "{}")])
        let node = KubernetesEvent(
            .init(apiVersion: "v1", kind: "Node", ObjectMetadata(name: "n", uid: "n")), kind: .normal, reason: "R",
            message: "m")
        try await tell([node], to: api, until: 1)
        #expect(api.requests == ["POST /api/v1/namespaces/default/events"])
        #expect(api.bodies.first?.contains(#""namespace":"default""#) ?? false)
    }

    @Test("what could not be told is told when it is noted again")
    func again() async throws {
        let api = try StubAPI([.answer(500, ""), .answer(500, ""), .answer(500, ""), .answer(201, "{}")])
        try await tell([Self.event(), Self.event()], to: api, until: 4)
        #expect(api.requests.count == 4)
    }

    @Test("a long message is cut, a long name too")
    func limits() {
        let event = Self.event(String(repeating: "n", count: 253), String(repeating: "ü", count: 1000))
        #expect(event.message.utf8.count <= 1024)
        #expect(event.message.hasSuffix("ü..."))
        let document = EventDocument(event, source: .init(component: "c", host: "h"), now: 0)
        #expect(document.metadata.name.utf8.count <= 253)
    }

    @Test(
        "times are those of RFC 3339",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_826_553, "2000-02-29T12:15:53Z"), (1_795_260_000, "2026-11-21T11:20:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"), (Int64.max, "9999-12-31T23:59:59Z"), (Int64.min, "0001-01-01T00:00:00Z"),
        ])
    func times(seconds: Int64, text: String) {
        #expect(
            EventDocument(Self.event(), source: .init(component: "c", host: "h"), now: seconds).lastTimestamp == text)
    }
}
