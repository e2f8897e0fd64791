/// The part of etcd that the daemon uses, so that its logic runs against a store in memory as well.
protocol ClusterStore: Sendable {
    /// The value of one key, read from the quorum; nil when there is none.
    func get(_ key: String) async throws(DaemonError) -> StoredValue?

    /// Every key that starts with `prefix`, read from the quorum at one revision.
    func list(_ prefix: String) async throws(DaemonError) -> (values: [StoredValue], revision: Int64)

    /// Runs a transaction: all of `then` when every condition holds, else all of `otherwise`.
    func commit(_ transaction: StoreTransaction) async throws(DaemonError) -> StoreOutcome

    /// Tells `receive` what `range` holds, whole at first and then change by change, none missed and none twice,
    /// until the task is cancelled.
    func mirror(_ range: StoreRange, into receive: @escaping @Sendable (StoreNews) -> Void) async

    /// Keeps `key` in place under a lease of `seconds` until the task is cancelled, then takes it away.
    func hold(_ key: String, _ value: [UInt8], seconds: Int64) async
}

/// A set of keys that are mirrored together.
enum StoreRange: Sendable, Hashable {
    /// One key.
    case key(String)
    /// Every key that starts with this.
    case prefix(String)
}

/// One key and its value as the store holds them.
struct StoredValue: Sendable, Hashable {
    /// The whole key.
    var key: String
    /// The bytes stored, JSON in every key of ours.
    var value: [UInt8]
    /// The store's revision that last changed the key.
    var modRevision: Int64
}

/// What a mirror learned in one step.
struct StoreNews: Sendable, Hashable {
    /// True when `changes` puts everything the range holds, so that what is not in it is gone.
    var isWhole: Bool
    /// What changed, in order.
    var changes: [StoreChange]
    /// The store's revision that this brings the mirror to.
    var revision: Int64
}

/// One key that was set or deleted.
enum StoreChange: Sendable, Hashable {
    /// The key has this value now.
    case put(StoredValue)
    /// The key is gone since this revision.
    case delete(String, Int64)
}
