internal import FoundationEssentials

/// The request for the next page of a list.
struct ListPage: Sendable {
    /// Keys in a page, to begin with.
    static let keys: Int64 = 1000
    /// A page heavier than this, in bytes, halves the number of keys in the next.
    static let weight = 2 * 1024 * 1024

    private(set) var request = Etcdserverpb_RangeRequest()

    init(prefix: String, revision: Int64) {
        (request.key, request.rangeEnd) = EtcdRange.prefix(prefix).bounds
        request.revision = revision
        request.limit = Self.keys
    }

    /// Goes on after a page's last key, at the revision of the first page; false if that was the last page.
    mutating func advance(past page: Etcdserverpb_RangeResponse) -> Bool {
        if request.revision <= 0 { request.revision = page.header.revision }
        guard page.more, let last = page.kvs.last, !last.key.lexicographicallyPrecedes(request.key) else {
            return false
        }
        request.key = last.key + [0]
        if page.kvs.reduce(0, { $0 + $1.value.count }) > Self.weight { request.limit = max(1, request.limit / 2) }
        return true
    }
}
