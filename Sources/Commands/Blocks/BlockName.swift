import Addresses
import ArgumentParser
import CNIProtocol

/// How a block is named on the command line.
struct BlockName: ExpressibleByArgument, Sendable {
    let text: String
    private let prefix: IPPrefix

    init?(argument: String) {
        guard let prefix = IPPrefix(argument) ?? IPAddress(argument)?.hostPrefix else { return nil }
        self.prefix = prefix
        text = argument
    }

    /// Whether this names a block of `GET /v1/blocks`: its prefix, or an address in it.
    func means(_ block: JSONValue) -> Bool {
        guard let cidr = block["cidr"]?.stringValue.flatMap({ IPPrefix($0) }) else { return false }
        return prefix == cidr || (prefix.length == prefix.family.bits && cidr.contains(prefix))
    }
}
