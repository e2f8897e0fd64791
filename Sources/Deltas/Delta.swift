/// What is wanted on another side, what that side holds, and the difference, kept up to date with every change.
///
/// One delta serves routes, neighbours, set elements and map entries: sources say what they want, dumps and events say
/// what was seen, and whoever writes takes the pending changes. Every change costs constant time for its key; nothing
/// walks the whole.
public struct Delta<Key: Hashable & Sendable, Value: Equatable & Sendable>: Sendable {
    @usableFromInline var wanted: [Key: Value] = [:]
    @usableFromInline var seen: [Key: Value] = [:]
    @usableFromInline var updates: [Key: Value] = [:]
    @usableFromInline var deletions: Set<Key> = []

    /// A delta that wants nothing and has seen nothing.
    @inlinable
    public init() {}

    /// What the other side should hold.
    @inlinable public var desired: [Key: Value] { wanted }

    /// What the other side holds, as far as is known.
    @inlinable public var observed: [Key: Value] { seen }

    /// What must be created or replaced, with the values wanted.
    @inlinable public var pendingUpdates: [Key: Value] { updates }

    /// What must be deleted: seen, but not wanted.
    @inlinable public var pendingDeletions: Set<Key> { deletions }

    /// Whether both sides agree.
    @inlinable public var isSettled: Bool { updates.isEmpty && deletions.isEmpty }

    /// How many changes are pending.
    @inlinable public var pendingCount: Int { updates.count + deletions.count }
}

extension Delta {
    /// Wants `value` under `key`, instead of whatever was wanted there.
    @inlinable
    public mutating func want(_ key: Key, _ value: Value) {
        wanted[key] = value
        deletions.remove(key)
        if seen[key] == value {
            updates.removeValue(forKey: key)
        } else {
            updates[key] = value
        }
    }

    /// Wants nothing under `key`.
    @inlinable
    public mutating func unwant(_ key: Key) {
        guard wanted.removeValue(forKey: key) != nil else { return }
        updates.removeValue(forKey: key)
        if seen[key] != nil { deletions.insert(key) }
    }

    /// Wants exactly `all`, and nothing under any other key.
    @inlinable
    public mutating func wantExactly(_ all: [Key: Value]) {
        for key in Array(wanted.keys) where all[key] == nil { unwant(key) }
        for (key, value) in all where wanted[key] != value { want(key, value) }
    }

    /// Notes what the other side holds under `key`: `value`, or nothing when it is nil.
    @inlinable
    public mutating func saw(_ key: Key, _ value: Value?) {
        guard let value else {
            guard seen.removeValue(forKey: key) != nil else { return }
            deletions.remove(key)
            if let expected = wanted[key] { updates[key] = expected }
            return
        }
        seen[key] = value
        guard let expected = wanted[key] else {
            deletions.insert(key)
            return
        }
        if expected == value {
            updates.removeValue(forKey: key)
        } else {
            updates[key] = expected
        }
    }

    /// Notes that the other side holds exactly `all`, as a full dump tells.
    @inlinable
    public mutating func sawExactly(_ all: [Key: Value]) {
        for key in Array(seen.keys) where all[key] == nil { saw(key, nil) }
        for (key, value) in all where seen[key] != value { saw(key, value) }
    }

    /// Notes that the pending change of `key` was made: what is seen follows what is wanted.
    ///
    /// When the wish changed while the change was under way, say what was written with ``saw(_:_:)`` instead.
    @inlinable
    public mutating func applied(_ key: Key) {
        saw(key, wanted[key])
    }
}
