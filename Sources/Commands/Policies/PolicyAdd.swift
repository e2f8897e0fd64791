import ArgumentParser
import CNIProtocol

/// `romana policy add [FILE]`.
struct PolicyAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add the policies of a file or of standard input, or replace those of their ids.",
        discussion: """
            The document is one policy or a list of them, JSON or YAML. Each one is sent by itself; one that is refused \
            is told, and the others are added all the same.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(
        help: ArgumentHelp("The file; without one, or with -, standard input.", valueName: "file"),
        completion: .file())
    var file: String?

    func run() async throws {
        let session = try Session(options)
        let document = try DocumentSource("policies", file: file).read(session.console)
        let policies = document.arrayValue ?? [document]
        var results: [JSONValue] = []
        var refusals: [CommandError] = []
        for policy in policies {
            var problem: CommandError?
            do throws(CommandError) {
                try Self.checkOwner(of: policy)
                try await session.daemon.post("/policies", policy)
            } catch {
                problem = error
            }
            if let problem, problem.kind == .unreachable { throw problem }
            results.append(
                .object([
                    (key: "id", value: policy["id"] ?? ""), (key: "direction", value: policy["direction"] ?? ""),
                    (key: "applied", value: .bool(problem == nil)),
                    (key: "problem", value: problem.map { .string($0.description) } ?? .null),
                ]))
            if let problem { refusals.append(problem) }
        }
        try session.show(
            View(.array(results), notes: refusals.map(\.description), isWhole: refusals.isEmpty) { [results] in
                [Self.table(results)]
            })
    }

    /// Throws for a policy that is to be added elsewhere.
    private static func checkOwner(of policy: JSONValue) throws(CommandError) {
        guard policy["kind"]?.stringValue == "NetworkPolicy" else { return }
        let name = policy["metadata"]?["name"].shown ?? ""
        throw CommandError("add policy \(name): it is one of Kubernetes', which kubectl apply adds")
    }

    private static func table(_ results: [JSONValue]) -> Table {
        var table = Table(
            [.init("Id", .key), .init("Direction"), .init("Successful Applied?", .key)], empty: "There are no policies."
        )
        for result in results {
            let isApplied = result["applied"] == true
            table.add([
                .init(result["id"].shown), .init(result["direction"].shown),
                .init("\(isApplied)", isApplied ? .good : .bad),
            ])
        }
        return table
    }
}
