import Addresses
import Conntrack

extension Connection {
    /// A connection between two endpoints without translation, such as `tcp 10.0.0.1:1024 10.0.0.2:80`.
    static func plain(
        _ transport: ConnectionProtocol, from source: String, _ sourcePort: UInt16, to destination: String,
        _ destinationPort: UInt16, answeredBy real: (String, UInt16)? = nil, id: UInt32 = 7
    ) throws -> Connection {
        let from = try IPAddress(parsing: source)
        let to = try IPAddress(parsing: destination)
        let answering = try real.map { try IPAddress(parsing: $0.0) } ?? to
        return Connection(
            original: ConnectionTuple(
                source: from, destination: to, transport: transport,
                discriminator: .ports(source: sourcePort, destination: destinationPort)),
            reply: ConnectionTuple(
                source: answering, destination: from, transport: transport,
                discriminator: .ports(source: real?.1 ?? destinationPort, destination: sourcePort)),
            id: id)
    }
}
