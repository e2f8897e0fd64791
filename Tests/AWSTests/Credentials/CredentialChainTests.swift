import Logging
import Synchronization
import Testing

@testable import AWS

@Suite("Credentials")
struct CredentialChainTests {
    /// A source that lends numbered keys for a time, and a clock that is set by hand.
    final class Lender: CredentialSource {
        private struct State {
            var count = 0
            var now: Int64 = 1000
            var failure: AWSError?
        }

        let name = "the lender"
        private let state = Mutex(State())
        private let life: Int64?

        init(life: Int64?) { self.life = life }

        var count: Int { state.withLock(\.count) }
        var now: Int64 { state.withLock(\.now) }

        func pass(_ seconds: Int64) { state.withLock { $0.now += seconds } }
        func fail(_ failure: AWSError?) { state.withLock { $0.failure = failure } }

        func credentials() async throws(AWSError) -> AWSCredentials? {
            await Task.yield()
            let state = state.withLock { state in
                state.count += 1
                return state
            }
            if let failure = state.failure { throw failure }
            return AWSCredentials(
                accessKeyID: "K\(state.count)", secretAccessKey: "s", expiration: life.map { state.now + $0 })
        }
    }

    /// A source that answers when it is told to, or when nobody wants to know any more.
    private final class Waiting: CredentialSource {
        let name = "the one who waits"
        private let state = Mutex((isAsked: false, isOpen: false))

        var isAsked: Bool { state.withLock(\.isAsked) }
        func open() { state.withLock { $0.isOpen = true } }

        func credentials() async throws(AWSError) -> AWSCredentials? {
            state.withLock { $0.isAsked = true }
            while !state.withLock(\.isOpen) {
                guard (try? await Task.sleep(for: .milliseconds(1))) != nil else {
                    throw AWSError(.cancelled, "cancelled")
                }
            }
            return AWSCredentials(accessKeyID: "K", secretAccessKey: "s")
        }
    }

    private struct Nothing: CredentialSource {
        let name = "nothing"
        func credentials() -> AWSCredentials? { nil }
    }

    private let outage = AWSError(.unavailable, "not now")

    private func chain(_ lender: Lender) -> CredentialChain {
        CredentialChain([Nothing(), lender], now: { lender.now }, logger: Logger(label: "test"))
    }

    @Test("Keys are lent once for many who ask at once, and kept while they are good")
    func once() async throws {
        let lender = Lender(life: 3600)
        let chain = chain(lender)
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await chain.credentials().accessKeyID } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        lender.pass(2900)
        #expect(ids == ["K1"])
        #expect(try await chain.credentials().accessKeyID == "K1")
        #expect(lender.count == 1)
    }

    @Test("Keys without an end are never renewed")
    func lasting() async throws {
        let lender = Lender(life: nil)
        let chain = chain(lender)
        _ = try await chain.credentials()
        lender.pass(1_000_000_000)
        #expect(try await chain.credentials().accessKeyID == "K1")
    }

    @Test("Keys are renewed before they end; while that fails the old ones are used, and asked for once a minute")
    func renewal() async throws {
        let lender = Lender(life: 3600)
        let chain = chain(lender)
        _ = try await chain.credentials()
        lender.pass(3600 - CredentialChain.renewal + 1)
        lender.fail(outage)
        for _ in 0..<20 { #expect(try await chain.credentials().accessKeyID == "K1") }
        #expect(lender.count == 2)
        lender.pass(CredentialChain.pause)
        #expect(try await chain.credentials().accessKeyID == "K1")
        #expect(lender.count == 3)
        lender.fail(nil)
        lender.pass(CredentialChain.pause)
        #expect(try await chain.credentials().accessKeyID == "K4")
    }

    @Test("Keys that are about to end are not used any more")
    func end() async throws {
        let lender = Lender(life: 3600)
        let chain = chain(lender)
        _ = try await chain.credentials()
        lender.pass(3600 - CredentialChain.margin)
        lender.fail(outage)
        let error = await #expect(throws: AWSError.self) { try await chain.credentials() }
        #expect(error?.description == "take credentials from the lender: not now")
        #expect(error?.code == .credentials)
    }

    @Test("Whoever is cancelled waits for no source that is silent", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let source = Waiting()
        let chain = CredentialChain([source], now: { 0 }, logger: Logger(label: "test"))
        let all = (0..<3).map { _ in Task { try await chain.credentials().accessKeyID } }
        while !source.isAsked { await Task.yield() }
        for task in all { task.cancel() }
        for task in all {
            let error = await #expect(throws: AWSError.self) { try await task.value }
            #expect(error?.code == .cancelled)
        }
        source.open()
        #expect(try await chain.credentials().accessKeyID == "K")
    }

    @Test("Who is cancelled takes nothing from others who wait", .timeLimit(.minutes(1)))
    func others() async throws {
        let source = Waiting()
        let chain = CredentialChain([source], now: { 0 }, logger: Logger(label: "test"))
        let first = Task { try await chain.credentials().accessKeyID }
        while !source.isAsked { await Task.yield() }
        let second = Task { try await chain.credentials().accessKeyID }
        // It joins before the first one leaves.
        while await chain.waiting < 2 { await Task.yield() }
        first.cancel()
        try await Task.sleep(for: .milliseconds(20))
        source.open()
        #expect(try await second.value == "K")
    }

    @Test("Keys that AWS refuses are asked for anew, once for all who were refused")
    func refused() async throws {
        let chain = chain(Lender(life: 3600))
        let first = try await chain.credentials()
        await chain.forget(first)
        #expect(try await chain.credentials().accessKeyID == "K2")
        await chain.forget(first)
        #expect(try await chain.credentials().accessKeyID == "K2")
    }

    @Test("Where no source is set up, the error names them all")
    func none() async {
        let chain = CredentialChain(
            [EnvironmentCredentials { _ in nil }, Nothing()], now: { 0 }, logger: Logger(label: "test"))
        let error = await #expect(throws: AWSError.self) { try await chain.credentials() }
        #expect(error?.description == "find credentials: there are none in the environment, nothing")
    }

    @Test(
        "The environment's keys count when both are there",
        arguments: [
            (["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"], "A", nil),
            (["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"], "A", "t"),
            (["AWS_ACCESS_KEY_ID": "A"], nil, nil),
            (["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "s"], nil, nil),
        ] as [([String: String], String?, String?)])
    func environment(_ variables: [String: String], _ id: String?, _ token: String?) {
        let credentials = EnvironmentCredentials { variables[$0] }.credentials()
        #expect(credentials?.accessKeyID == id)
        #expect(credentials?.sessionToken == token)
    }
}
