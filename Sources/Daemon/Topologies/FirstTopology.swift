import Addresses
import Topology

/// The topology that a cluster begins with, as the flags and the environment say.
enum FirstTopology: Sendable, Equatable {
    /// There is none to begin with, and why.
    case none(String)
    /// This one.
    case document(InitialTopology)
    /// The built-in one of an AWS region; what is not given is asked of the instance the daemon runs on.
    case aws(region: String?, zones: [String], overrides: [CIDROverride])

    /// A flat one.
    init(cidr: String, groups: Int) throws(TopologyError) {
        guard let prefix = IPPrefix(cidr) else { throw TopologyError(field: "cidr", problem: "\"\(cidr)\" is no CIDR") }
        self = .document(try InitialTopology(.flat(prefix, groups: groups), overrides: []))
    }

    /// Chooses, and reads the file if one is given.
    ///
    /// Throws an invalid request for flags and files that cannot be used.
    init(
        file: String?, cloud: String?, kubernetesService: String?, overrides: String?, region: String?, zones: String?
    ) throws(DaemonError) {
        do throws(TopologyError) {
            let overrides = try overrides.map { text throws(TopologyError) in try CIDROverride.parse(text) } ?? []
            let zones = zones?.split { $0 == "," || $0 == " " }.map(String.init) ?? []
            let source: TopologySource
            do throws(TopologyError) {
                source = try TopologySource(file: file, cloud: cloud, kubernetesService: kubernetesService)
            } catch  where (cloud ?? "").isEmpty {
                self = .none(error.description)
                return
            }
            switch source {
            case .file(let path):
                self = try .document(InitialTopology(file: path, overrides: overrides))
            case .kubeadm:
                self = try .document(InitialTopology(.kubeadm, overrides: overrides))
            case .aws:
                let choice = FirstTopology.aws(region: region, zones: zones, overrides: overrides)
                // What the flags say alone is checked before anything is started.
                if let region, !zones.isEmpty { _ = try choice.inRegion(region, zone: nil) }
                self = choice
            }
        } catch {
            throw DaemonError(.invalid, "read the first topology: \(error)")
        }
    }
}

/// A topology to store when the cluster has none yet.
struct InitialTopology: Sendable, Equatable {
    /// The document, with overrides applied.
    var document: TopologyDocument
    /// Where it is from, for the log.
    var source: String
    /// What an operator should know of it.
    var warnings: [String] = []

    /// Reads the file a user gave.
    ///
    /// Throws what is wrong, naming the file.
    init(file path: String, overrides: [CIDROverride]) throws(TopologyError) {
        let read: TopologyDocument
        do throws(DaemonError) {
            read = try JSONBody.value(TopologyDocument.self, from: TextFile.read(path), what: path)
        } catch {
            throw TopologyError(field: path, problem: error.details)
        }
        try self.init(read, source: path, overrides: overrides)
    }

    /// Takes one that needs no file.
    init(_ builtIn: BuiltInTopology, overrides: [CIDROverride], warnings: [String] = []) throws(TopologyError) {
        try self.init(builtIn.document(), source: "built-in \(builtIn)", overrides: overrides)
        self.warnings += warnings
    }

    private init(_ document: TopologyDocument, source: String, overrides: [CIDROverride]) throws(TopologyError) {
        let (document, unknown) = try document.overriding(overrides)
        self.document = document
        self.source = source
        warnings = unknown.map {
            "--network-cidr-overrides names network \($0), which the topology of \(source) has not"
        }
    }
}
