import AWS
import Deltas
import KubernetesAPI
import Logging
import Testing

@testable import Duties

/// The duty `aws`, with time that a test sets.
@Suite("Checks of nodes' interfaces")
struct SourceDestKeeperTests {
    private let cloud = CloudInSmall()
    private let board = DutyBoard()
    private let start = ContinuousClock.now

    private func keeper(recheck: Duration? = .seconds(600)) throws -> SourceDestKeeper {
        board.changeSourceDest { $0 = SourceDestReport() }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let client = KubernetesClient(try KubernetesConfiguration(server: "http://127.0.0.1:1"), logger: logger)
        return SourceDestKeeper(
            service: cloud, timing: SourceDestTiming(recheck: recheck), isDryRun: false,
            events: EventRecorder(client, component: "romana-aws", host: "n"), board: board, logger: logger)
    }

    private func node(_ number: Int) -> Node {
        SourceDestLedgerTests.node("n\(number)", instance: SourceDestLedgerTests.id(number))
    }

    private func id(_ number: Int) -> String { SourceDestLedgerTests.id(number) }

    @Test("The check is turned off at the primary interface of every node, once, and at no other")
    func once() async throws {
        let keeper = try keeper()
        for number in 1...3 { cloud.addInstance(id(number), interfaces: 2) }
        cloud.addInstance(id(9))
        _ = await keeper.look(at: start)
        #expect(cloud.calls.isEmpty, "nothing is asked before the nodes are known")
        await keeper.take(.snapshot((1...3).map(node)))
        for second in 0..<100 { _ = await keeper.look(at: start + .seconds(second)) }
        #expect(
            cloud.calls == ["DescribeInstances"]
                + (1...3).map { "ModifyNetworkInterfaceAttribute eni-0-\(id($0))" })
        #expect(cloud.checked == Set((1...3).map { "eni-1-\(id($0))" } + ["eni-0-\(id(9))"]))
        let report = try #require(board.sourceDest)
        #expect(report.nodes == 3 && report.settled == 3 && report.switched == 3 && report.pending == 0)
        #expect(report.problem == nil && report.lastPass > 0)
    }

    @Test("Whoever is elected next finds what was done, and does the rest")
    func successor() async throws {
        let first = try keeper()
        for number in 1...4 { cloud.addInstance(id(number)) }
        let limit = "ModifyNetworkInterfaceAttribute eni-0-\(id(3))"
        cloud.fail { $0 == limit ? AWSError(.cancelled, "cancelled") : nil }
        await first.take(.snapshot((1...4).map(node)))
        #expect(await first.look(at: start) == false)
        #expect(cloud.checked == Set([3, 4].map { "eni-0-\(id($0))" }))
        cloud.fail(nil)
        cloud.forgetCalls()
        let second = try keeper()
        await second.take(.snapshot((1...4).map(node)))
        _ = await second.look(at: start)
        #expect(cloud.checked.isEmpty)
        #expect(
            cloud.calls == ["DescribeInstances"] + [3, 4].map { "ModifyNetworkInterfaceAttribute eni-0-\(id($0))" })
    }

    @Test("A check that somebody turns on again is found with one call, and turned off")
    func recheck() async throws {
        let keeper = try keeper()
        for number in 1...3 { cloud.addInstance(id(number)) }
        cloud.addInstance(id(9))
        await keeper.take(.snapshot((1...3).map(node)))
        _ = await keeper.look(at: start)
        cloud.forgetCalls()
        cloud.set(true, "eni-0-\(id(2))")
        for second in 0..<600 { _ = await keeper.look(at: start + .seconds(second)) }
        #expect(cloud.calls.isEmpty)
        _ = await keeper.look(at: start + .seconds(600))
        #expect(
            cloud.calls == [
                "DescribeNetworkInterfaces vpc-1", "DescribeInstances",
                "ModifyNetworkInterfaceAttribute eni-0-\(id(2))",
            ])
        #expect(cloud.checked == ["eni-0-\(id(9))"])
    }

    @Test("A policy that forbids to look again keeps no new node from its turn, and is said")
    func blind() async throws {
        let keeper = try keeper()
        for number in 1...2 { cloud.addInstance(id(number)) }
        cloud.fail { $0.hasPrefix("DescribeNetworkInterfaces") ? AWSError(.denied, "not allowed") : nil }
        await keeper.take(.snapshot([node(1)]))
        _ = await keeper.look(at: start)
        for second in 600..<610 { _ = await keeper.look(at: start + .seconds(second)) }
        #expect(board.sourceDest?.problem == "not allowed")
        await keeper.take(.changes([.put(node(2))]))
        _ = await keeper.look(at: start + .seconds(610))
        #expect(cloud.checked.isEmpty && board.sourceDest?.settled == 2)
        #expect(board.sourceDest?.problem == "not allowed")
        #expect(cloud.calls.count { $0.hasPrefix("DescribeNetworkInterfaces") } == 1)
        cloud.fail(nil)
        for second in [1200, 1201] { _ = await keeper.look(at: start + .seconds(second)) }
        #expect(board.sourceDest?.problem == nil)
    }

    @Test(
        "An instance that EC2 does not know, or an interface that fails or is denied, keeps no other node from its turn",
        arguments: [
            AWSError(.notFound, "gone", name: "InvalidNetworkInterfaceID.NotFound"),
            AWSError(.denied, "no", name: "UnauthorizedOperation"),
        ])
    func single(_ error: AWSError) async throws {
        let keeper = try keeper()
        for number in 2...4 { cloud.addInstance(id(number)) }
        let failing = "ModifyNetworkInterfaceAttribute eni-0-\(id(2))"
        cloud.fail { $0 == failing ? error : nil }
        await keeper.take(.snapshot((1...4).map(node)))
        _ = await keeper.look(at: start)
        let report = try #require(board.sourceDest)
        #expect(report.settled == 2 && report.problem == nil)
        #expect(
            report.failures == ["n1": "EC2 knows no such instance in the region", "n2": "AWS says \(error.name)"])
        cloud.fail(nil)
        cloud.addInstance(id(1))
        cloud.forgetCalls()
        _ = await keeper.look(at: start + .seconds(6))
        #expect(cloud.checked.isEmpty && cloud.calls.count == 3)
    }

    @Test("While AWS refuses, throttles or is away it is asked ever less, not once for each node; then all is done")
    func outage() async throws {
        for (failingAction, code) in [
            ("DescribeInstances", AWSError.Code.throttled), ("ModifyNetworkInterfaceAttribute", .unavailable),
            ("ModifyNetworkInterfaceAttribute", .denied),
        ] {
            let keeper = try keeper()
            let numbers = 1...500
            for number in numbers { cloud.addInstance(id(number)) }
            cloud.forgetCalls()
            cloud.fail { $0.hasPrefix(failingAction) ? AWSError(code, "slowly") : nil }
            await keeper.take(.snapshot(numbers.map(node)))
            for second in 0..<3600 { _ = await keeper.look(at: start + .seconds(second)) }
            // 3 calls describe 500 instances; waits are 1 to 2 minutes after the first few.
            #expect((20...400).contains(cloud.calls.count), "\(cloud.calls.count) calls")
            #expect(board.sourceDest?.problem == "slowly")
            cloud.fail(nil)
            for second in 3600..<4000 { _ = await keeper.look(at: start + .seconds(second)) }
            #expect(cloud.checked.isEmpty && board.sourceDest?.settled == 500)
            #expect(board.sourceDest?.problem == nil)
        }
    }

    @Test("In a cluster where nothing changes the calls of an hour are the same for 10 nodes and for 1,000")
    func steadyState() async throws {
        for count in [10, 1000] {
            let keeper = try keeper()
            cloud.forgetCalls()
            for number in 1...count { cloud.addInstance(id(number)) }
            await keeper.take(.snapshot((1...count).map(node)))
            _ = await keeper.look(at: start)
            // The first look: one call for 200 instances, and one for each interface.
            #expect(cloud.calls.count == (count + 199) / 200 + count)
            cloud.forgetCalls()
            for second in 1...3600 {
                // Kubelets say every five minutes that they live.
                if second % 300 == 0 {
                    await keeper.take(.changes((1...count).map { ObjectChange.put(node($0)) }))
                }
                _ = await keeper.look(at: start + .seconds(second))
            }
            #expect(cloud.calls == [String](repeating: "DescribeNetworkInterfaces vpc-1", count: 6))
        }
    }

    @Test("A node that joins costs two calls, however many join with it one more for each")
    func joining() async throws {
        let keeper = try keeper(recheck: nil)
        for number in 1...1000 { cloud.addInstance(id(number)) }
        await keeper.take(.snapshot((1...900).map(node)))
        _ = await keeper.look(at: start)
        cloud.forgetCalls()
        await keeper.take(.changes((901...1000).map { ObjectChange.put(node($0)) }))
        _ = await keeper.look(at: start + .seconds(1))
        #expect(cloud.calls.count == 101 && cloud.checked.isEmpty)
    }
}
