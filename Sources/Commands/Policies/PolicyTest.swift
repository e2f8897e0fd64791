import ArgumentParser
import CNIProtocol
import Policies

/// `romana policy test FILE...`.
struct PolicyTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Check policies of files against what is expected of them; asks nobody.",
        discussion: """
            The files, YAML or JSON with any number of documents, have Namespaces, Pods (or Deployments, StatefulSets, \
            DaemonSets, ReplicaSets, Jobs, CronJobs, each of which counts as one pod of its name), Nodes, NetworkPolicies \
            and policies of Romana's own; other objects are passed over. A document such as this one says what is expected:

              expect:
              - {from: shop/web, to: shop/db, port: 5432, allowed: true}
              - {from: "*/*", to: shop/db, port: [80, udp/53], allowed: false}
              - {from: shop/web, to: "node:n1", protocol: icmp, allowed: true}

            An end is NAMESPACE/POD, an address, or node:NAME; * stands for every namespace or every pod. Traffic is TCP \
            where no protocol is named, and of IPv4 where both ends have it, unless family: IPv6 is said. From, to and port \
            may be lists. Pods without a status have addresses of \
            198.18.0.0/15 and 2001:db8::/32.

            What differs is shown with its reason, with -v all of it. Exit status 1 tells that something differs, 64 that \
            the files make no sense.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(
        help: ArgumentHelp("Files with manifests and expectations; - is standard input.", valueName: "file"),
        completion: .file())
    var files: [String]

    func run() async throws {
        let session = try Session(options)
        let manifests = try PolicyManifests(files: files, session.console)
        var outcomes: [PolicyOutcome] = []
        for expectation in manifests.expectations {
            outcomes += try PolicyOutcome.outcomes(expectation, manifests.oracle)
        }
        guard !outcomes.isEmpty else {
            throw CommandError("test policies: \(files.joined(separator: ", ")): nothing is expected", kind: .usage)
        }
        let differing = outcomes.filter { !$0.holds }
        let shown = session.settings.isVerbose ? outcomes : differing
        let summary = "\(outcomes.count - differing.count) of \(outcomes.count) expectations hold."
        try session.show(
            View(.array(outcomes.map(\.document)), isWhole: differing.isEmpty) {
                (shown.isEmpty ? [] : [Self.table(shown)]) + [Lines([summary])]
            })
    }

    private static func table(_ outcomes: [PolicyOutcome]) -> Table {
        var table = Table(
            [
                .init("From", .key), .init("To", .key), .init("Traffic", .key), .init("Family", .minor),
                .init("Expected"), .init("Verdict", .key), .init("Reason"),
            ], empty: "")
        for outcome in outcomes {
            let judgement = outcome.judgement
            table.add([
                .init("\(judgement.from)"), .init("\(judgement.to)"), .init("\(judgement.traffic)"),
                .init("\(judgement.family)"), .init(outcome.isExpected ? "allowed" : "denied"),
                .init(judgement.isAllowed ? "allowed" : "denied", outcome.holds ? .good : .bad),
                .init(judgement.reason),
            ])
        }
        return table
    }
}
