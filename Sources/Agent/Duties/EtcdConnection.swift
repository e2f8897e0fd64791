import Etcd

/// A connection to etcd that outlives the work that uses it, since whoever ends gives his leases back.
struct EtcdConnection: Sendable {
    private let connection: Task<Void, Never>

    /// Begins to connect.
    init(_ etcd: EtcdClient) {
        connection = Task { await etcd.run() }
    }

    /// Waits until the task is cancelled, and has the connection end a second later; leases that are left then expire.
    func endSoonAfterCancellation() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        let connection = connection
        Task {
            try? await Task.sleep(for: .seconds(1))
            connection.cancel()
        }
    }

    /// Ends it now.
    func end() async {
        connection.cancel()
        await connection.value
    }
}
