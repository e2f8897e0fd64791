import Addresses
import CNIProtocol
import Policies

/// What somebody expects of policies: that some traffic is allowed, or that it is not.
struct PolicyExpectation {
    /// Where it stands, for messages: `expect[3]`.
    let place: String
    /// Where traffic comes from: ends as they are written, or pods by patterns such as `shop/*`.
    let from: [String]
    /// Where it goes to.
    let to: [String]
    /// The protocols with ports, `tcp/80`, or `icmp`.
    let traffic: [String]
    /// The family, nil for the first that both ends have.
    let family: AddressFamily?
    let isAllowed: Bool

    private static let members = ["from", "to", "protocol", "port", "family", "allowed"]

    init(_ element: JSONValue, place: String, _ source: DocumentSource) throws(CommandError) {
        func failure(_ reason: String) -> CommandError { source.failure("\(place): \(reason)") }
        guard let members = element.members else { throw failure("an object is due, not \(element.kind)") }
        if let other = members.first(where: { !Self.members.contains($0.key) }) {
            throw failure("\(other.key) is none of \(Self.members.joined(separator: ", "))")
        }
        self.place = place
        from = try Self.texts(element["from"]).orThrow(failure("from: a text or a list of texts is due"))
        to = try Self.texts(element["to"]).orThrow(failure("to: a text or a list of texts is due"))
        isAllowed = try (element["allowed"]?.boolValue).orThrow(failure("allowed: true or false is due"))
        switch element["family"].shown.lowercased() {
        case "": family = nil
        case "ipv4": family = .ipv4
        case "ipv6": family = .ipv6
        case let other: throw failure("family: \(other) is neither IPv4 nor IPv6")
        }
        let word = element["protocol"].shown.lowercased()
        let ports = Self.texts(element["port"]) ?? []
        traffic =
            word == "icmp" ? ["icmp"] : ports.map { $0.contains("/") ? $0 : "\(word.isEmpty ? "tcp" : word)/\($0)" }
        if traffic.isEmpty { throw failure("port: a number, or a text such as tcp/80, is due") }
        if let other = traffic.first(where: { PolicyOracle.Traffic($0, family: .ipv4) == nil }) {
            throw failure("\(other) is not a protocol with a port, such as tcp/80")
        }
    }

    /// A text, a number or a list of them; nil for anything else.
    private static func texts(_ value: JSONValue?) -> [String]? {
        switch value {
        case .array(let elements)?:
            let texts = elements.map { JSONValue?.some($0).shown }
            return texts.isEmpty || texts.contains("") ? nil : texts
        case .string?, .number?: return [value.shown]
        default: return nil
        }
    }
}

extension Optional {
    /// The value, or an error where there is none.
    fileprivate func orThrow(_ error: CommandError) throws(CommandError) -> Wrapped {
        guard let self else { throw error }
        return self
    }
}
