// The agent's alone: the plugin passes it on, and is mapped the faster the smaller it is.
#if !hasFeature(Embedded)
import Addresses

extension PortMapping {
    /// Reads an entry of `portMappings`; `field` is what messages call it.
    public init(_ value: JSONValue, field: String) throws(CNIError) {
        guard case .object = value else {
            throw CNIError(.decoding, "\(field) is \(value.kind), not an object")
        }
        hostPort = try Self.port(value, "hostPort", field)
        containerPort = try Self.port(value, "containerPort", field)
        transport = try Self.transport(value, field)
        hostIP = try Self.address(value, field)
    }

    /// The entry as a runtime writes it.
    public var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            (key: "hostPort", value: .integer(hostPort)), (key: "containerPort", value: .integer(containerPort)),
            (key: "protocol", value: .string(transport.rawValue)),
        ]
        if let hostIP { members.append((key: "hostIP", value: .string(hostIP.description))) }
        return .object(members)
    }

    private static func port(_ value: JSONValue, _ key: String, _ field: String) throws(CNIError) -> UInt16 {
        let number = value[key] ?? .null
        if number.isNull { throw CNIError(.invalidConfig, "\(field).\(key) is missing") }
        guard case .number = number else {
            throw CNIError(.decoding, "\(field).\(key) is \(number.kind), not a number")
        }
        guard let port = number.intValue, (1...65_535).contains(port) else {
            throw CNIError(.invalidConfig, "\(field).\(key) is \(number): 1 to 65535 is due")
        }
        return UInt16(port)
    }

    /// In either case, since runtimes have written it in both; TCP when nothing is said.
    private static func transport(_ value: JSONValue, _ field: String) throws(CNIError) -> Transport {
        guard let text = try text(value, "protocol", field) else { return .tcp }
        for transport in Transport.allCases where text.lowercased() == transport.rawValue { return transport }
        throw CNIError(.invalidConfig, "\(field).protocol is \"\(text)\": tcp, udp or sctp is due")
    }

    private static func address(_ value: JSONValue, _ field: String) throws(CNIError) -> IPAddress? {
        guard let text = try text(value, "hostIP", field) else { return nil }
        guard let address = IPAddress(text) else {
            throw CNIError(.invalidConfig, "\(field).hostIP is \"\(text)\": an IPv4 or IPv6 address is due")
        }
        return address
    }

    /// A string; nil if there is none, or nothing in it.
    private static func text(_ value: JSONValue, _ key: String, _ field: String) throws(CNIError) -> String? {
        let member = value[key] ?? .null
        if member.isNull { return nil }
        guard let text = member.stringValue else {
            throw CNIError(.decoding, "\(field).\(key) is \(member.kind), not a string")
        }
        return text.isEmpty ? nil : text
    }
}
#endif
