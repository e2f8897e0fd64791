import ArgumentParser
import CFloor
import Glibc

/// `make bench`: what attaching and detaching pods costs, ours beside the reference plugins and the kernel's floor.
@main
struct PodChurn: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pod-churn",
        abstract: "Measures CNI ADD and DEL; run it by perf/run.sh, which puts it into namespaces of its own.")

    @Option(help: "Attachments for each subject at each concurrency.")
    var attachments = 512

    @Flag(help: "A tenth of the attachments: to see that everything works.")
    var quick = false

    @Option(help: "How many at once, comma-separated.")
    var concurrency = "1,8,32"

    @Option(help: "Who takes part, comma-separated: romana, romana-29 (small blocks), ptp, bridge, floor.")
    var subjects = "floor,romana,ptp,bridge"

    @Option(help: "The static program that does nothing.")
    var nothing: String

    @Option(help: "The folder of romana-agent and romana-daemon.")
    var programs: String?

    @Option(help: "romana-cni.")
    var plugin: String?

    @Option(help: "The folder of the reference plugins.")
    var plugins = "/usr/lib/cni"

    @Option(help: "Where results go.")
    var out = "out"

    @Option(help: "An empty folder in memory for everything that lives no longer than the run.")
    var scratch = "/run"

    func run() throws {
        do {
            try measure()
        } catch let failure as BenchFailure {
            Terminal.say("pod-churn: \(failure)")
            throw ExitCode.failure
        }
    }

    private func measure() throws {
        let plan = Churn.Plan(
            attachments: quick ? max(16, attachments / 10) : attachments,
            concurrencies: concurrency.split(separator: ",").compactMap { Int($0) })
        let log = open(out + "/plugins.log", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        if log < 0 { throw BenchFailure("open \(out)/plugins.log", errno: errno) }
        let bench = Bench(
            nothing: nothing, plugins: plugins, ours: programs.flatMap { folder in plugin.map { (folder, $0) } },
            scratch: scratch, out: out, log: log)
        var churn = try Churn(
            subjects: subjects.split(separator: ",").map { try bench.subject(String($0)) },
            sandboxes: bench.sandboxes(plan.sandboxes))
        try churn.run(plan, progress: Terminal.progress)
        Terminal.progress("starts alone")
        let starts = try bench.startUp.run(times: quick ? 96 : 960)
        let overhead = try DriverOverhead(nothing: nothing, log: log).measure(times: 200)
        Terminal.progress("")
        let report = Report(
            rows: churn.rows, starts: Array(zip(bench.startUp.programs.map(\.name), starts)), driver: overhead,
            machine: Machine())
        print(report.text)
        try report.write(to: out)
    }
}
