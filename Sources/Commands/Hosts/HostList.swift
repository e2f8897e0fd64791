import ArgumentParser
import CNIProtocol

/// `romana host list`.
struct HostList: ViewCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the hosts.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let document = try await session.daemon.get("/hosts")
        return View(document) {
            var table = Table([.init("Host IP", .key), .init("Host Name", .key)], empty: "There are no hosts.")
            for host in document["hosts"]?.arrayValue ?? [] {
                table.add([.init(host["ip"].shown), .init(host["name"].shown)])
            }
            return [table]
        }
    }
}
