internal import FoundationEssentials

/// Which keys a watch follows.
public enum EtcdRange: Sendable, Hashable, CustomStringConvertible {
    /// One key.
    case key(String)
    /// Every key that starts so; the empty prefix is every key.
    case prefix(String)

    /// The key, or the prefix with a star.
    public var description: String {
        switch self {
        case .key(let key): key
        case .prefix(let prefix): prefix + "*"
        }
    }

    /// First key and end, as etcd wants them: an empty end means one key, a zero byte means no end.
    var bounds: (first: Data, end: Data) {
        switch self {
        case .key(let key):
            return (Data(key.utf8), Data())
        case .prefix(let prefix) where prefix.isEmpty:
            return (Data([0]), Data([0]))
        case .prefix(let prefix):
            let bytes = Array(prefix.utf8)
            return (Data(bytes), Self.end(of: bytes))
        }
    }

    /// The first key after all that start with the prefix: its last byte that can grow, grown, and nothing after it.
    private static func end(of prefix: [UInt8]) -> Data {
        guard let last = prefix.lastIndex(where: { $0 < 0xff }) else { return Data([0]) }
        var end = Array(prefix[...last])
        end[last] += 1
        return Data(end)
    }
}
