/// One atomic step on the store: conditions, what to do when all hold, and what to read when one does not.
struct StoreTransaction: Sendable, Hashable {
    /// Something that must be so for `then` to run.
    enum Condition: Sendable, Hashable {
        /// The key is not there.
        case missing(String)
        /// The key was last changed at this revision.
        case modRevision(String, Int64)
        /// No key that starts with this was set after the revision (a deletion is not seen).
        case unchangedSince(prefix: String, Int64)
    }

    /// A change or a read.
    enum Operation: Sendable, Hashable {
        /// Sets a key.
        case put(String, [UInt8])
        /// Deletes a key that is there.
        case delete(String)
        /// Reads a key.
        case get(String)

        /// The key that is set or deleted.
        var changedKey: String? {
            switch self {
            case .put(let key, _), .delete(let key): key
            case .get: nil
            }
        }
    }

    /// All of these must hold.
    var conditions: [Condition] = []
    /// Run when all conditions hold.
    var then: [Operation] = []
    /// Run when one does not.
    var otherwise: [Operation] = []

    /// The most operations, and the most conditions, that go into one transaction; etcd's own limit is 128 a list.
    static let largest = 124

    /// Adds the condition that `key` is as it was seen: last changed at `revision`, or not there when nil; the
    /// key is read back when the transaction fails.
    public mutating func expect(_ key: String, at revision: Int64?) {
        if let revision {
            conditions.append(.modRevision(key, revision))
        } else {
            conditions.append(.missing(key))
        }
        otherwise.append(.get(key))
    }
}

/// How a transaction ended.
struct StoreOutcome: Sendable, Hashable {
    /// True when the conditions held and `then` was done.
    var succeeded: Bool
    /// The store's revision after it.
    var revision: Int64
    /// What the reads found, keys that are not there left out.
    var values: [StoredValue]
}
