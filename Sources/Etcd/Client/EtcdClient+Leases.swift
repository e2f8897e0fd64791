extension EtcdClient {
    /// Asks for a lease: keys written under it vanish when it ends.
    ///
    /// - Parameter seconds: how long it lasts unless it is kept alive; etcd may give more (its least is about 2 s).
    /// - Returns: the lease's id.
    public func grantLease(seconds: Int64) async throws(EtcdError) -> Int64 {
        try await grant(seconds: seconds).id
    }

    func grant(seconds: Int64) async throws(EtcdError) -> (id: Int64, seconds: Int64) {
        var request = Etcdserverpb_LeaseGrantRequest()
        request.ttl = seconds
        // A lease that was granted without our knowing ends by itself, so this may be repeated.
        let response: Etcdserverpb_LeaseGrantResponse = try await call(
            "grant lease", "", Etcdserverpb_Lease.Method.LeaseGrant.descriptor, request, mayRepeat: true)
        guard response.error.isEmpty, response.id != 0 else {
            throw EtcdError(code: .other, operation: "grant lease", message: response.error)
        }
        // No server can make us count further than a year.
        return (response.id, min(max(response.ttl, 1), 31_536_000))
    }

    /// Keeps a lease alive, once.
    ///
    /// - Returns: how long it lasts from now, in seconds.
    /// - Throws: `leaseNotFound` if it has ended.
    @discardableResult
    public func keepAlive(_ lease: Int64) async throws(EtcdError) -> Int64 {
        try await keepAlive(lease, timeout: configuration.requestTimeout)
    }

    func keepAlive(_ lease: Int64, timeout: Duration) async throws(EtcdError) -> Int64 {
        var request = Etcdserverpb_LeaseKeepAliveRequest()
        request.id = lease
        // The method is a stream; one request and one answer are a stream too.
        let response: Etcdserverpb_LeaseKeepAliveResponse = try await call(
            "keep lease alive", Self.name(ofLease: lease), Etcdserverpb_Lease.Method.LeaseKeepAlive.descriptor,
            request, mayRepeat: true, timeout: timeout)
        guard response.ttl > 0 else {
            throw EtcdError(
                code: .leaseNotFound, operation: "keep lease alive", key: Self.name(ofLease: lease),
                message: "it has ended")
        }
        return min(response.ttl, 31_536_000)
    }

    /// Ends a lease; every key under it is deleted.
    ///
    /// - Throws: `leaseNotFound` if it has ended already.
    public func revokeLease(_ lease: Int64) async throws(EtcdError) {
        var request = Etcdserverpb_LeaseRevokeRequest()
        request.id = lease
        let _: Etcdserverpb_LeaseRevokeResponse = try await call(
            "revoke lease", Self.name(ofLease: lease), Etcdserverpb_Lease.Method.LeaseRevoke.descriptor, request,
            mayRepeat: true)
    }

    /// As etcdctl writes it.
    static func name(ofLease lease: Int64) -> String {
        String(UInt64(bitPattern: lease), radix: 16)
    }
}
