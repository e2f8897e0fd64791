/// One change of one key.
public enum EtcdChange: Sendable, Hashable {
    /// The key now holds this.
    case put(EtcdKeyValue)
    /// The key is gone since this revision.
    case delete(key: String, revision: Int64)

    /// The key that changed.
    public var key: String {
        switch self {
        case .put(let keyValue): keyValue.key
        case .delete(let key, _): key
        }
    }

    /// The revision of the change.
    public var revision: Int64 {
        switch self {
        case .put(let keyValue): keyValue.modRevision
        case .delete(_, let revision): revision
        }
    }

    init(_ message: Mvccpb_Event) {
        if message.type == .delete {
            self = .delete(key: String(decoding: message.kv.key, as: UTF8.self), revision: message.kv.modRevision)
        } else {
            self = .put(EtcdKeyValue(message.kv))
        }
    }

    /// What the change holds on to, in bytes, about.
    var weight: Int {
        switch self {
        case .put(let keyValue): 160 + keyValue.key.utf8.count + keyValue.value.count
        case .delete(let key, _): 160 + key.utf8.count
        }
    }
}
