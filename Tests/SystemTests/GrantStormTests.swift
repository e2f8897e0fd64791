import FoundationEssentials
import GrantLoad
import Synchronization
import Testbed
import Testing

extension SystemTests {
    /// Many hosts claim blocks of several daemons at once, while daemons and etcd are killed.
    @Suite("Grants under load")
    struct GrantStormTests {
        private struct Record: Decodable {
            let cidr: String
            let host: String
        }

        /// Who is killed meanwhile.
        enum Victim: String, CaseIterable {
            case nobody, daemons, etcd
        }

        @Test("are neither doubled nor lost, whoever is killed meanwhile", arguments: Victim.allCases)
        func storm(_ victim: Victim) async throws {
            let directory = try TemporaryDirectory("storm")
            defer { directory.remove() }
            let topology = directory.file("topology.json")
            try TextFile.write(TopologyText.racks(.ipv4), to: topology)
            try await EtcdServer.with { servers in
                var daemons: [ChildProcess] = []
                for number in 0..<3 { daemons.append(try await Self.start(number, servers[0], topology, directory)) }
                let load = GrantLoad(
                    hosts: 200, daemons: (0..<3).map { ("127.0.0.1", 9600 + $0) }, network: "pods")
                let running = daemons
                let isOver = Atomic(false)
                async let havoc = Self.kill(victim, running, servers[0], topology, directory) {
                    isOver.load(ordering: .relaxed)
                }
                let tally = try await load.run(registering: true, claims: 12)
                isOver.store(true, ordering: .relaxed)
                daemons = try await havoc
                #expect(tally.refusals.isEmpty, "\(tally.refusals.prefix(3))")
                try await Self.check(await load.granted(), each: 12, servers[0])
                try await load.end()
                for daemon in daemons { await daemon.crash() }
            }
        }

        /// Kills and starts again until it is over; gives the daemons that run then.
        private static func kill(
            _ victim: Victim, _ daemons: [ChildProcess], _ etcd: EtcdServer, _ topology: String,
            _ directory: TemporaryDirectory, until isOver: @Sendable () -> Bool
        ) async throws -> [ChildProcess] {
            var daemons = daemons
            var rounds = 0
            while victim != .nobody, !isOver() {
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...700)))
                switch victim {
                case .nobody: break
                case .daemons:
                    let number = rounds % daemons.count
                    await daemons[number].crash()
                    daemons[number] = try await start(number, etcd, topology, directory)
                case .etcd: try await etcd.restart()
                }
                rounds += 1
            }
            return daemons
        }

        private static func start(
            _ number: Int, _ etcd: EtcdServer, _ topology: String, _ directory: TemporaryDirectory
        ) async throws -> ChildProcess {
            let port = 9600 + number
            let process = try await ChildProcess.start(
                Program(
                    Programs.built.daemon,
                    [
                        "--etcd-endpoints", etcd.endpoint, "--host", "127.0.0.1", "--port", "\(port)",
                        "--initial-network", topology,
                    ]), log: directory.file("daemon\(number).log"))
            let romana = Program(
                Programs.built.romana, ["--rootURL", "http://127.0.0.1:\(port)", "network", "list"])
            try await eventually("daemon \(number) answers") { try await romana.run().status.isSuccess }
            return process
        }

        /// What hosts were told is what is stored, block by block, and no more is.
        private static func check(_ granted: [String: [String]], each: Int, _ etcd: EtcdServer) async throws {
            #expect(granted.count == 200 && granted.values.allSatisfy { $0.count == each })
            let all = granted.flatMap { host, blocks in blocks.map { ($0, host) } }
            #expect(Set(all.map(\.0)).count == all.count, "a block was granted twice")
            let lines = try await etcd.control("get", "--prefix", "/romana/blocks/", "--print-value-only")
            let records = try lines.split(separator: "\n").map {
                try JSONDecoder().decode(Record.self, from: Data($0.utf8))
            }
            let stored = Dictionary(records.map { ($0.cidr, $0.host) }, uniquingKeysWith: { $1 })
            #expect(stored.count == all.count)
            #expect(all.allSatisfy { stored[$0.0] == $0.1 })
        }
    }
}
