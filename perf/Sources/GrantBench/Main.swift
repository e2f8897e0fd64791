import ArgumentParser
import FoundationEssentials
import Glibc
import GrantLoad
import Testbed

/// `perf/run.sh grants`: what several daemons on one etcd make of thousands of hosts that claim blocks at once.
@main
struct GrantBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant-bench",
        abstract: "Measures registrations and grants; run it by perf/run.sh, which puts it into namespaces of its own.")

    @Option(help: "How many hosts.")
    var hosts = 5000

    @Option(help: "How many blocks each host claims when the cluster is cold.")
    var blocks = 4

    @Option(help: "How many more each host claims afterwards, all of them at once.")
    var more = 4

    @Option(help: "How many daemons, comma-separated: one run for each number.")
    var daemons = "1,2,5"

    @Option(help: "The folder of romana-daemon.")
    var programs: String

    @Option(help: "Where results go.")
    var out = "out"

    func run() async throws {
        var rows: [GrantRow] = []
        do {
            for count in daemons.split(separator: ",").compactMap({ Int($0) }) {
                let cluster = GrantCluster(
                    daemons: count, hosts: hosts, program: programs + "/romana-daemon", out: out)
                rows += try await cluster.run(blocks: blocks, more: more)
            }
        } catch let error as TestbedError {
            print("grant-bench: \(error)")
            throw ExitCode.failure
        }
        print(GrantRow.table(rows))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try Data(encoder.encode(rows)).write(to: URL(filePath: out + "/grants.json"))
    }
}
