/// One of the things that are said of a node's state (core/v1 NodeCondition).
public struct NodeCondition: Hashable, Sendable, Decodable {
    /// What it is about: `NetworkUnavailable`; there is one of each type.
    public var type: String
    /// `True`, `False` or `Unknown`.
    public var status: String
    /// Why, in one word; by it who said so can be told.
    public var reason: String
    /// Why, in a sentence.
    public var message: String

    /// A condition.
    public init(_ type: String, status: String, reason: String = "", message: String = "") {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case type, status, reason, message
    }

    /// Reads a condition; reason and message may be missing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decode(String.self, forKey: .type)
        status = try container.decode(String.self, forKey: .status)
        reason = try container.decodeIfPresent(String.self, forKey: .reason) ?? ""
        message = try container.decodeIfPresent(String.self, forKey: .message) ?? ""
    }
}
