import Addresses
import ArgumentParser
import CNIProtocol

/// `romana host add NAME ADDRESS...`.
struct HostAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a host, or change its addresses and labels.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: "The name of the node.") var name: String
    @Argument(help: ArgumentHelp("Its addresses, the one that others route to first.", valueName: "address"))
    var addresses: [AddressArgument]
    @Option(name: .customLong("tag"), help: ArgumentHelp("A label of the node.", valueName: "label=value"))
    var tags: [String] = []

    func validate() throws {
        if addresses.isEmpty { throw ValidationError("a host has at least one address") }
        for tag in tags where !tag.dropFirst().contains("=") {
            throw ValidationError("--tag \(tag): LABEL=VALUE is due")
        }
    }

    func run() async throws {
        let session = try Session(options)
        var members: [(key: String, value: JSONValue)] = [
            (key: "name", value: .string(name)), (key: "ip", value: .string(addresses[0].text)),
        ]
        if addresses.count > 1 {
            members.append((key: "addresses", value: .array(addresses.map { .string($0.text) })))
        }
        if !tags.isEmpty { members.append((key: "tags", value: .object(tags.map(Self.pair)))) }
        let answer = try await session.daemon.post("/v1/hosts", .object(members))
        try session.confirm("Host \(name) is added.", answer)
    }

    private static func pair(_ tag: String) -> (key: String, value: JSONValue) {
        let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (key: String(parts[0]), value: .string(parts.count > 1 ? String(parts[1]) : ""))
    }
}

/// An address on the command line.
struct AddressArgument: ExpressibleByArgument {
    let address: IPAddress

    init?(argument: String) {
        guard let address = IPAddress(argument) else { return nil }
        self.address = address
    }

    /// The address in its usual spelling.
    var text: String { address.description }
}
