import ArgumentParser
import CNIProtocol

/// `romana policy show ID...`.
struct PolicyShow: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show policies: whom they are about, which peers, which traffic.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Argument(help: ArgumentHelp("Ids of policies, or NAMESPACE/NAME of Kubernetes' own.", valueName: "id"))
    var ids: [String]

    func view(_ session: Session) async throws(CommandError) -> View {
        let known = try await session.daemon.get("/policies").arrayValue ?? []
        var policies: [JSONValue] = []
        for id in ids {
            guard let policy = known.first(where: { $0["id"]?.stringValue == id || Self.title($0) == id }) else {
                throw CommandError("show policy \(id): no such policy")
            }
            policies.append(policy)
        }
        return View(.array(policies)) { [policies] in policies.map { Lines(PolicyText($0).lines) } }
    }

    /// How people know a policy of Kubernetes; no id has a slash.
    private static func title(_ policy: JSONValue) -> String? {
        guard let namespace = policy["metadata"]?["namespace"]?.stringValue else { return nil }
        return "\(namespace)/\(policy["metadata"]?["name"].shown ?? "")"
    }
}
