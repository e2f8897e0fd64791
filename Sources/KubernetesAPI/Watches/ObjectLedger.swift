/// What a watch has told of each object: enough to tell only the differences after a new list.
struct ObjectLedger {
    /// The version of each object that was told, or that could not be read.
    private(set) var versions: [ObjectKey: String] = [:]
    /// While a list is read: those known before that it has not named.
    private var missing: Set<ObjectKey>?

    /// Notes a state of an object; false if it is known already.
    mutating func note(_ metadata: ObjectMetadata) -> Bool {
        let key = metadata.key
        missing?.remove(key)
        // Only versions of one kind of object tell states apart, and an empty one none.
        if let known = versions.updateValue(metadata.resourceVersion, forKey: key) {
            return known != metadata.resourceVersion || known.isEmpty
        }
        return true
    }

    /// Notes that an object is gone; false if it was not known.
    mutating func remove(_ key: ObjectKey) -> Bool { versions.removeValue(forKey: key) != nil }

    /// Begins to hear a list of everything that there is.
    mutating func beginList() { missing = Set(versions.keys) }

    /// Ends the list: what it did not name is gone, and told.
    mutating func endList() -> [ObjectKey] {
        defer { missing = nil }
        let gone = (missing ?? []).sorted()
        for key in gone { versions[key] = nil }
        return gone
    }
}
