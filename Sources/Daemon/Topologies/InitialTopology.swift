import Topology

/// The topology to store when the cluster has none yet.
struct InitialTopology: Sendable, Equatable {
    /// The document, with overrides applied.
    var document: TopologyDocument
    /// Where it is from, for the log.
    var source: String
    /// Networks that an override named but the document has not.
    var unknownOverrides: [String] = []

    /// Reads the file a user gave.
    ///
    /// Throws an invalid request that names the file when it cannot be read, is no topology, or breaks a rule.
    init(file path: String, overrides: [NetworkOverride]) throws(DaemonError) {
        try self.init(bytes: TextFile.read(path), source: path, overrides: overrides)
    }

    /// Takes a topology that needs no file.
    init(_ builtIn: BuiltInTopology, overrides: [NetworkOverride]) throws(DaemonError) {
        try self.init(bytes: Array(builtIn.json.utf8), source: "built-in \(builtIn)", overrides: overrides)
    }

    private init(bytes: [UInt8], source: String, overrides: [NetworkOverride]) throws(DaemonError) {
        let read = try JSONBody.value(TopologyDocument.self, from: bytes, what: source)
        let cidrs = Dictionary(overrides.map { ($0.network, $0.cidr) }, uniquingKeysWith: { $1 })
        do {
            document = try read.replacingCIDRs(cidrs)
        } catch {
            throw DaemonError(.invalid, "read \(source): \(error)")
        }
        self.source = source
        unknownOverrides = cidrs.keys.filter { read.network($0) == nil }.sorted()
    }
}
