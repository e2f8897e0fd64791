/// What a mirror has told its user: enough to tell only the differences after a new list.
///
/// Keys are kept without the prefix that all of them have: what is left of most is so short that it takes no memory of its
/// own, which counts with tens of thousands of keys.
struct MirrorRecord {
    let prefix: String
    /// The revision of the last change of each key, by what follows the prefix.
    private(set) var revisions: [String: Int64] = [:]

    init(prefix: String) { self.prefix = prefix }

    mutating func adopt(_ keyValues: [EtcdKeyValue]) {
        revisions = [:]
        revisions.reserveCapacity(keyValues.count)
        for keyValue in keyValues { revisions[rest(of: keyValue.key)] = keyValue.modRevision }
    }

    mutating func apply(_ changes: [EtcdChange]) {
        for change in changes {
            switch change {
            case .put(let keyValue): revisions[rest(of: keyValue.key)] = keyValue.modRevision
            case .delete(let key, _): revisions[rest(of: key)] = nil
            }
        }
    }

    /// What has changed since, by a list of what there is now; deletions come first, as of the list's revision.
    mutating func differences(to keyValues: [EtcdKeyValue], _ revision: Int64) -> [EtcdChange] {
        var gone = revisions
        var puts: [EtcdChange] = []
        for keyValue in keyValues where gone.removeValue(forKey: rest(of: keyValue.key)) != keyValue.modRevision {
            puts.append(.put(keyValue))
        }
        let changes = gone.keys.sorted().map { EtcdChange.delete(key: prefix + $0, revision: revision) } + puts
        apply(changes)
        return changes
    }

    private func rest(of key: String) -> String { String(Substring(key.utf8.dropFirst(prefix.utf8.count))) }
}
