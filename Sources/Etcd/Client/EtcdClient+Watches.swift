extension EtcdClient {
    /// Follows the changes of a key or of all keys with a prefix.
    ///
    /// Every change from the revision on is given once, in order, however often the connection is lost meanwhile.
    ///
    /// - Parameters:
    ///   - range: the keys.
    ///   - revision: the first revision to give; one more than that of a ``list(prefix:revision:)`` goes on where the
    ///     list ends. 0 is from when etcd gets to know of the watch, some time after this call.
    /// - Returns: a sequence that throws `compacted` if the history that it needs is gone.
    public func watch(_ range: EtcdRange, from revision: Int64) -> EtcdWatch {
        EtcdWatch(range, from: revision, watches)
    }

    /// Follows the state of all keys with a prefix: what is there, then what changes.
    public func mirror(prefix: String) -> EtcdMirror {
        EtcdMirror(self, prefix: prefix)
    }

    /// A lease that is kept alive; to be run.
    public func lease(seconds: Int64) -> EtcdLease {
        EtcdLease(client: self, seconds: seconds)
    }
}
