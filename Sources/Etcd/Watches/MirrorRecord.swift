/// What a mirror has told its user: enough to tell only the differences after a new list.
struct MirrorRecord {
    /// The revision of the last change of each key.
    private(set) var revisions: [String: Int64] = [:]

    mutating func adopt(_ keyValues: [EtcdKeyValue]) {
        revisions = [:]
        revisions.reserveCapacity(keyValues.count)
        for keyValue in keyValues { revisions[keyValue.key] = keyValue.modRevision }
    }

    mutating func apply(_ changes: [EtcdChange]) {
        for change in changes {
            switch change {
            case .put(let keyValue): revisions[keyValue.key] = keyValue.modRevision
            case .delete(let key, _): revisions[key] = nil
            }
        }
    }

    /// What has changed since, by a list of what there is now; deletions come first, as of the list's revision.
    mutating func differences(to keyValues: [EtcdKeyValue], _ revision: Int64) -> [EtcdChange] {
        var gone = revisions
        var puts: [EtcdChange] = []
        for keyValue in keyValues where gone.removeValue(forKey: keyValue.key) != keyValue.modRevision {
            puts.append(.put(keyValue))
        }
        let changes = gone.keys.sorted().map { EtcdChange.delete(key: $0, revision: revision) } + puts
        apply(changes)
        return changes
    }
}
