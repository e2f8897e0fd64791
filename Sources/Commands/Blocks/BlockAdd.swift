import ArgumentParser
import CNIProtocol
import HTTPTransfer

/// `romana block add HOST NETWORK`.
struct BlockAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Grant further blocks of a network to a host.",
        discussion: """
            Agents ask for blocks themselves, ahead of need; this is for a host that is to have more at once. An agent \
            gives idle blocks back after a while, these included.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: "The host.") var host: String
    @Argument(help: "The network.") var network: String
    @Option(help: "How many blocks, 1 to 32.") var count = 1
    @Option(
        help: ArgumentHelp(
            "A name of your own for the request: the same one again gets the same blocks and no more.",
            valueName: "text"))
    var request: String?

    func validate() throws {
        guard (1...32).contains(count) else { throw ValidationError("--count \(count): 1 to 32 are possible") }
    }

    func run() async throws {
        let session = try Session(options)
        var members: [(key: String, value: JSONValue)] = [
            (key: "network", value: .string(network)), (key: "count", value: .integer(count)),
        ]
        if let request { members.append((key: "request", value: .string(request))) }
        let answer = try await session.daemon.post("/v1/hosts/\(host.percentEncoded)/blocks", .object(members))
        let blocks = (answer["blocks"]?.arrayValue ?? []).map { $0["cidr"].shown }
        let given = blocks.isEmpty ? "no block" : blocks.joined(separator: ", ")
        try session.confirm("Host \(host) is granted \(given) of network \(network).", answer)
        // Fewer come when the group has no more.
        guard blocks.count >= count else {
            throw CommandError(
                "grant \(count) blocks of network \(network) to host \(host): there were \(blocks.count)")
        }
    }
}
