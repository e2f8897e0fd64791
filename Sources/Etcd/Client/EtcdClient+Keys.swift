internal import FoundationEssentials

extension EtcdClient {
    /// Reads a key, as the whole cluster holds it (linearizable).
    ///
    /// - Returns: the key, nil if there is none, and the store's revision at the time.
    public func get(_ key: String) async throws(EtcdError) -> (keyValue: EtcdKeyValue?, revision: Int64) {
        var request = Etcdserverpb_RangeRequest()
        request.key = Data(key.utf8)
        let response: Etcdserverpb_RangeResponse = try await call(
            "get", key, Etcdserverpb_KV.Method.Range.descriptor, request, mayRepeat: true)
        return (response.kvs.first.map(EtcdKeyValue.init), response.header.revision)
    }

    /// Reads every key with a prefix, as of one revision, in the order of their bytes.
    ///
    /// It is read in pages; ``EtcdConfiguration/requestTimeout`` is for each.
    ///
    /// - Parameter revision: as of when; 0 for now.
    /// - Returns: the keys, and the revision that they are of.
    /// - Throws: `compacted` if the asked revision is gone.
    public func list(
        prefix: String, revision: Int64 = 0
    ) async throws(EtcdError) -> (keyValues: [EtcdKeyValue], revision: Int64) {
        var attempts = 3
        while true {
            do throws(EtcdError) {
                return try await listPages(prefix, revision)
            } catch {
                // The revision that we settled on was compacted between two pages.
                attempts -= 1
                guard case .compacted = error.code, revision == 0, attempts > 0 else { throw error }
            }
        }
    }

    private func listPages(
        _ prefix: String, _ revision: Int64
    ) async throws(EtcdError) -> (keyValues: [EtcdKeyValue], revision: Int64) {
        var page = ListPage(prefix: prefix, revision: revision)
        var keyValues: [EtcdKeyValue] = []
        while true {
            let response: Etcdserverpb_RangeResponse = try await call(
                "list", prefix, Etcdserverpb_KV.Method.Range.descriptor, page.request, mayRepeat: true)
            keyValues.append(contentsOf: response.kvs.lazy.map(EtcdKeyValue.init))
            guard page.advance(past: response) else { return (keyValues, page.request.revision) }
        }
    }

    /// Writes a key, under a lease if that is not 0.
    ///
    /// - Returns: the revision of the change.
    @discardableResult
    public func put(_ key: String, _ value: [UInt8], lease: Int64 = 0) async throws(EtcdError) -> Int64 {
        var request = Etcdserverpb_PutRequest()
        request.key = Data(key.utf8)
        request.value = Data(value)
        request.lease = lease
        let response: Etcdserverpb_PutResponse = try await call(
            "put", key, Etcdserverpb_KV.Method.Put.descriptor, request, mayRepeat: false)
        return response.header.revision
    }

    /// Deletes a key.
    ///
    /// - Returns: how many were deleted: 1, or 0 if there was none.
    @discardableResult
    public func delete(_ key: String) async throws(EtcdError) -> Int64 {
        try await delete(.key(key))
    }

    /// Deletes every key with a prefix.
    ///
    /// - Returns: how many were deleted.
    @discardableResult
    public func deletePrefix(_ prefix: String) async throws(EtcdError) -> Int64 {
        try await delete(.prefix(prefix))
    }

    private func delete(_ range: EtcdRange) async throws(EtcdError) -> Int64 {
        var request = Etcdserverpb_DeleteRangeRequest()
        (request.key, request.rangeEnd) = range.bounds
        let response: Etcdserverpb_DeleteRangeResponse = try await call(
            "delete", range.description, Etcdserverpb_KV.Method.DeleteRange.descriptor, request, mayRepeat: false)
        return response.deleted
    }

    /// Makes changes together, if the conditions hold, or others if they do not.
    public func commit(_ transaction: EtcdTransaction) async throws(EtcdError) -> EtcdTransaction.Outcome {
        let subject = transaction.then.first ?? transaction.otherwise.first
        let response: Etcdserverpb_TxnResponse = try await call(
            "commit", subject?.key ?? "", Etcdserverpb_KV.Method.Txn.descriptor, transaction.message,
            mayRepeat: false)
        return EtcdTransaction.Outcome(response)
    }
}
