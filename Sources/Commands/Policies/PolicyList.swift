import ArgumentParser
import CNIProtocol

/// `romana policy list`.
struct PolicyList: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the policies, those of Kubernetes too.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let document = try await session.daemon.get("/policies")
        return View(document) {
            var table = Table(
                [
                    .init("Policy Id", .key), .init("Direction"), .init("Applied to", isNumber: true),
                    .init("No of Peers", isNumber: true), .init("No of Rules", isNumber: true),
                    .init("Description", .minor),
                ], empty: "There are no policies.")
            for policy in (document.arrayValue ?? []).map(PolicyText.init) {
                table.add([
                    .init(policy.id), .init(policy.direction), .init("\(policy.targets.count)"),
                    .init("\(policy.clauses.reduce(0) { $0 + $1.peers.count })"),
                    .init("\(policy.clauses.reduce(0) { $0 + $1.rules.count })"), .init(policy.remark),
                ])
            }
            return [table]
        }
    }
}
