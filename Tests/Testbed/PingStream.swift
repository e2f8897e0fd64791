import Glibc

/// Echo requests that are sent all the time while something else happens.
public struct PingStream: Sendable {
    /// What came back.
    public struct Tally: Sendable, Hashable {
        /// How many were answered.
        public let answered: Int
        /// The sequence numbers that were never answered although later ones were.
        public let lost: [Int]
    }

    let process: ChildProcess

    /// Starts to send echo requests from a network namespace, one every 20 ms.
    ///
    /// - Parameter namespace: a path that stands for one.
    public static func start(
        to address: String, from namespace: String, log: String
    ) async throws(TestbedError) -> PingStream {
        let program = Program("busybox", ["ping", "-i", "0.02", address], namespace: namespace)
        return PingStream(process: try await ChildProcess.start(program, log: log))
    }

    /// Stops sending and counts.
    ///
    /// The request that is under way at that moment counts neither as answered nor as lost.
    public func finish() async -> Tally {
        process.send(SIGINT)
        await process.wait()
        let text = TextFile.read(process.log) ?? ""
        var seen: Set<Int> = []
        for line in text.split(separator: "\n") {
            for word in line.split(separator: " ") where word.hasPrefix("seq=") {
                if let number = Int(word.dropFirst(4)) { seen.insert(number) }
            }
        }
        let lost = (0...(seen.max() ?? 0)).filter { !seen.contains($0) }
        return Tally(answered: seen.count, lost: lost)
    }
}
