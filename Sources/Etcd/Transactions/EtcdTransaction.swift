/// Changes made together or not at all, if all the conditions hold; else others.
///
/// etcd takes 128 operations at most (`--max-txn-ops`) and every key at most once, or answers `invalid`.
public struct EtcdTransaction: Sendable, Hashable {
    /// Something that must be true of the store.
    public enum Condition: Sendable, Hashable {
        /// The key exists.
        case exists(String)
        /// The key does not exist.
        case missing(String)
        /// The key was last changed at this revision; 0 means that it does not exist.
        case modRevision(String, equals: Int64)
        /// The key was made at this revision; 0 means that it does not exist.
        case createRevision(String, equals: Int64)
        /// The key holds exactly this; false if it does not exist.
        case value(String, equals: [UInt8])
        /// No key with the prefix was made or changed after this revision. etcd keeps nothing to compare of a key that
        /// is gone, so *deletions after the revision are not seen*.
        case prefixUnchangedSince(String, Int64)
    }

    /// Something to do.
    public enum Operation: Sendable, Hashable {
        /// Writes a key, under a lease if that is not 0.
        case put(key: String, value: [UInt8], lease: Int64 = 0)
        /// Deletes a key.
        case delete(String)
        /// Deletes every key with the prefix.
        case deletePrefix(String)
        /// Reads a key.
        case get(String)
        /// Reads every key with the prefix, in one answer: for few and small ones.
        case list(String)
    }

    /// What one operation answered.
    public enum Response: Sendable, Hashable {
        /// It was written.
        case put
        /// So many keys were deleted.
        case deleted(Int64)
        /// What was read; empty if there is no such key.
        case keyValues([EtcdKeyValue])
    }

    /// What became of a transaction.
    public struct Outcome: Sendable, Hashable {
        /// Whether the conditions held, and ``EtcdTransaction/then`` was done rather than the alternative.
        public var succeeded: Bool
        /// The store's revision afterwards; that of the changes, if there were any.
        public var revision: Int64
        /// One answer an operation that was done, in order.
        public var responses: [Response]

        /// An outcome, as a fake would give it.
        public init(succeeded: Bool, revision: Int64, responses: [Response] = []) {
            self.succeeded = succeeded
            self.revision = revision
            self.responses = responses
        }
    }

    /// All of these must hold.
    public var conditions: [Condition]
    /// Done if they do.
    public var then: [Operation]
    /// Done if they do not.
    public var otherwise: [Operation]

    /// A transaction of conditions and what follows from them.
    public init(conditions: [Condition] = [], then: [Operation] = [], otherwise: [Operation] = []) {
        self.conditions = conditions
        self.then = then
        self.otherwise = otherwise
    }
}
