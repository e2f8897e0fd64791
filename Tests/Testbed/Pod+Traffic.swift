extension Pod {
    /// Sends one echo request to an address and waits for the answer at most `seconds`.
    ///
    /// - Returns: whether it came.
    public func pings(_ address: String, seconds: Int = 2) async throws(TestbedError) -> Bool {
        let words = ["ping", "-c", "1", "-W", "\(seconds)", address]
        return try await Program("busybox", words, namespace: namespace.path).run().status.isSuccess
    }

    /// Sends one echo request to each of these addresses, which all have to be answered.
    public func ping(_ addresses: [String]) async throws(TestbedError) {
        for address in addresses {
            // The first packet between two nodes waits for their own neighbour discovery: once more is fair.
            if try await pings(address) { continue }
            guard try await pings(address) else {
                throw TestbedError("\(name) in \(namespace.name) gets no answer from \(address)")
            }
        }
    }

    /// Starts to send echo requests to an address, one every 20 ms, once the nodes on the way have found each other.
    ///
    /// Nodes are ready within a tenth of a second, and a link's first question for an IPv6 neighbour may go unanswered
    /// for a whole one: what is sent meanwhile is lost, by no doing of ours.
    public func startPinging(_ address: String, log: String) async throws(TestbedError) -> PingStream {
        try await ping([address])
        return try await PingStream.start(to: address, from: namespace.path, log: log)
    }
}
