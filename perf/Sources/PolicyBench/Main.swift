import ArgumentParser
import FoundationEssentials
import Glibc
import Nftables
import Testbed

/// `perf/run.sh policy`: what policies cost, from an event to the kernel and for every packet.
@main
struct PolicyBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy-bench",
        abstract: "Measures policies; run it by perf/run.sh, which puts it into namespaces of its own.")

    @Flag(help: "A tenth of it: to see that everything works.")
    var quick = false

    @Option(help: "What is measured, comma-separated: changes, group, start, traffic, agent.")
    var cases = "changes,group,start,traffic,agent"

    @Option(help: "How many profiles a cold start has.")
    var profiles = 5_000

    @Option(help: "The folder of romana-agent and romana-daemon.")
    var programs: String?

    @Option(help: "romana-cni.")
    var plugin: String?

    @Option(help: "Where results go.")
    var out = "out"

    func run() async throws {
        do {
            var measures: [Measure] = []
            for name in cases.split(separator: ",") { measures += try await measure(String(name)) }
            Terminal.progress("")
            let report = Report(measures: measures)
            print(report.text)
            try report.write(to: out)
        } catch let error as TestbedError {
            Terminal.say("policy-bench: \(error)")
            throw ExitCode.failure
        } catch let error as NftError {
            Terminal.say("policy-bench: \(error)")
            throw ExitCode.failure
        }
    }

    private func measure(_ name: String) async throws -> [Measure] {
        switch name {
        case "changes": return try ChangeCase(times: quick ? 200 : 2_000).run(progress: Terminal.progress)
        case "group": return try await GroupCase(rounds: quick ? 2 : 9).run(10_000, progress: Terminal.progress)
        case "start":
            return try await ColdStartCase(rounds: quick ? 1 : 5, members: 10).run(
                profiles, progress: Terminal.progress)
        case "traffic":
            return try await TrafficCase(rounds: quick ? 2 : 7, milliseconds: quick ? 200 : 500).run(
                progress: Terminal.progress)
        case "agent":
            guard let programs, let plugin else { throw TestbedError("say where --programs and --plugin are") }
            return try await AgentCase(programs: programs, plugin: plugin, out: out, times: quick ? 100 : 1_000).run(
                progress: Terminal.progress)
        default: throw TestbedError("there is no case \"\(name)\"")
        }
    }
}
