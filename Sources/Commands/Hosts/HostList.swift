import ArgumentParser
import CNIProtocol

/// `romana host list`.
struct HostList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the hosts.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let session = try Session(options)
        let document = try await session.daemon.get("/hosts")
        try session.show(document) {
            var table = Table([.init("Host IP"), .init("Host Name")], empty: "There are no hosts.")
            for host in document["hosts"]?.arrayValue ?? [] {
                table.add([.init(host["ip"].shown), .init(host["name"].shown)])
            }
            return [table]
        }
    }
}
