import ArgumentParser
import CNIProtocol

/// `romana ipam check`.
struct IPAMCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compare what etcd, the daemons and the agents say of blocks and addresses.",
        discussion: """
            A conflict is a block or an address in two places, or where it must not be. A leak is one that is held for \
            nobody: a block of a host that does not exist or whose agent does not know it, a count that is not true. A \
            difference is between two answers that should be the same. Whatever is found is looked for once more after \
            --settle seconds, and told if it is the same still: a cluster at work is never quite still.

            Agents are asked on port 9607 of their hosts, or by their sockets if they are named or on this machine. One \
            that does not answer is told, and leaves its host unchecked. Exit status 1 tells that something is wrong.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Option(
        name: .customLong("agent-socket"),
        help: ArgumentHelp("An agent to ask by its socket; may be given more than once.", valueName: "path"),
        completion: .file())
    var sockets: [String] = []
    @Option(name: .customLong("agent-port"), help: ArgumentHelp("The port of the other agents.", valueName: "port"))
    var port: UInt16 = AgentOptions.defaultPort
    @Option(help: ArgumentHelp("When to look once more at what was found; 0 for never.", valueName: "seconds"))
    var settle = 3.0

    func validate() throws {
        guard settle >= 0, settle <= 3600 else {
            throw ValidationError("--settle \(settle): 0 to 3600 seconds are possible")
        }
    }

    func run() async throws {
        let session = try Session(options)
        let survey = ClusterSurvey(session: session, sockets: sockets, port: port)
        var result = try await survey.look()
        var findings = Inspection(view: result.view).findings
        if !findings.isEmpty, settle > 0 {
            do {
                try await Task.sleep(for: .seconds(settle))
            } catch {
                throw CommandError("check addresses: cancelled")
            }
            let before = Set(findings)
            result = try await survey.look()
            findings = Inspection(view: result.view).findings.filter(before.contains)
        }
        try session.show(Self.view(result, findings))
    }

    private static func view(_ result: ClusterSurvey.Result, _ findings: [Finding]) -> View {
        let view = result.view
        let pods = view.nodes.values.reduce(0) { $0 + $1.pods.reduce(0) { $0 + $1.addresses.count } }
        let document: JSONValue = [
            "findings": .array(findings.map(\.document)),
            "checked": [
                "networks": .integer(view.networks.count), "hosts": .integer(view.hosts.count),
                "blocks": .integer(view.blocks.count), "addresses": .integer(pods),
                "daemons": .integer(result.daemons), "agents": .integer(view.nodes.count),
            ],
            "unreached": .array(
                result.unreached.map { ["host": .string($0.host), "problem": .string("\($0.error)")] }),
        ]
        let summary =
            "Checked \(view.blocks.count) blocks of \(view.hosts.count) hosts and \(pods) addresses of pods, with "
            + "\(view.nodes.count) of \(view.nodes.count + result.unreached.count) agents and \(result.daemons) "
            + "\(result.daemons == 1 ? "daemon" : "daemons"): \(Finding.summary(findings))."
        return View(document, notes: result.unreachedLines, isWhole: findings.isEmpty) {
            (findings.isEmpty ? [] : [Finding.table(findings)]) + [Lines([summary])]
        }
    }
}
