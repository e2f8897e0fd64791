import FoundationEssentials
import GrantLoad
import Testbed

/// One etcd with so many daemons and hosts, from nothing to the end of one run.
struct GrantCluster {
    let daemons: Int
    let hosts: Int
    /// romana-daemon.
    let program: String
    /// The folder for logs.
    let out: String

    private static let firstPort = 9600

    /// Has every host register and claim `blocks` blocks, then `more` at once, and checks that none was granted twice
    /// and none was lost.
    func run(blocks: Int, more: Int) async throws -> [GrantRow] {
        let directory = try TemporaryDirectory("grants")
        defer { directory.remove() }
        return try await EtcdServer.with { servers in
            let processes = try await startDaemons(servers[0], topology: directory.file("topology.json"))
            let load = GrantLoad(
                hosts: hosts, daemons: (0..<daemons).map { ("127.0.0.1", Self.firstPort + $0) }, network: "bench")
            var rows: [GrantRow] = []
            func measure(_ phase: String, registering: Bool, claims: Int) async throws {
                guard registering || claims > 0 else { return }
                func usage() -> ProcessorUsage { .now(daemons: processes.map(\.pid), etcd: servers.compactMap(\.pid)) }
                let before = usage()
                let tally = try await load.run(registering: registering, claims: claims)
                guard tally.refusals.isEmpty else {
                    throw TestbedError("\(phase): \(tally.refusals.count) refused: \(tally.refusals[0])")
                }
                rows.append(
                    GrantRow(
                        daemons: daemons, phase: phase, hosts: hosts, tally, usage().since(before)))
            }
            try await measure("cold: register, \(blocks) blocks", registering: true, claims: blocks)
            try await measure("claim \(more) more", registering: false, claims: more)
            try check(await load.granted(), each: blocks + more, stored: await servers[0].blocks())
            try await load.end()
            for process in processes { await process.stop() }
            return rows
        }
    }

    private func startDaemons(_ etcd: EtcdServer, topology: String) async throws -> [ChildProcess] {
        let groups = (1...8).map { #"{"name":"rack-\#($0)"}"# }.joined(separator: ",")
        try TextFile.write(
            #"{"networks":[{"name":"bench","cidr":"10.0.0.0/9","block_mask":29}],"#
                + #""topologies":[{"networks":["bench"],"map":[\#(groups)]}]}"#, to: topology)
        var processes: [ChildProcess] = []
        for number in 0..<daemons {
            let port = "\(Self.firstPort + number)"
            let log = "\(out)/grants-daemon\(number).log"
            try TextFile.write("", to: log)
            let process = try await ChildProcess.start(
                Program(
                    program,
                    [
                        "--etcd-endpoints", etcd.endpoint, "--host", "127.0.0.1", "--port", port,
                        "--initial-network", topology,
                    ]), log: log)
            processes.append(process)
            try await eventually("daemon \(number) has the topology") {
                if let status = process.status { throw TestbedError("it ended with \(status): \(process.said())") }
                return TextFile.read(log)?.contains("msg=serving") ?? false
            }
        }
        // All of them have to know of each other, as they would in a cluster that is up.
        try await Task.sleep(for: .seconds(1))
        return processes
    }

    private func check(_ granted: [String: [String]], each: Int, stored: [String: String]) throws {
        let all = granted.flatMap { host, blocks in blocks.map { ($0, host) } }
        guard Set(all.map(\.0)).count == all.count else { throw TestbedError("a block was granted twice") }
        for (host, blocks) in granted where blocks.count != each {
            throw TestbedError("\(host) has \(blocks.count) blocks, not \(each)")
        }
        for (block, host) in all where stored[block] != host {
            throw TestbedError("block \(block) of \(host) is stored as that of \(stored[block] ?? "nobody")")
        }
        guard stored.count == all.count else {
            throw TestbedError("\(stored.count) blocks are stored, \(all.count) were granted")
        }
    }
}

extension EtcdServer {
    /// The host of every block that is stored.
    fileprivate func blocks() async throws -> [String: String] {
        struct Record: Decodable {
            var cidr: String
            var host: String
        }
        let values = try await control("get", "--prefix", "/romana/blocks/", "--print-value-only")
        return try values.split(separator: "\n").reduce(into: [:]) { hosts, line in
            let record = try JSONDecoder().decode(Record.self, from: Data(line.utf8))
            hosts[record.cidr] = record.host
        }
    }
}
