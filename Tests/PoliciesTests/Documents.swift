import FoundationEssentials
import Policies

/// Documents as tests write them.
enum Documents {
    static func read<Value: Decodable>(_ json: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    static func written(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// A NetworkPolicy `shop/web` that says this.
    static func policy(spec: String) throws -> NetworkPolicy {
        try read(#"{"metadata": {"namespace": "shop", "name": "web", "uid": "u1"}, "spec": \#(spec)}"#)
    }
}
