import Glibc
import LinuxSystem
import Synchronization

/// A network namespace with a name under /run/netns.
public struct Namespace: Sendable, Hashable {
    /// The file's name under /run/netns.
    public let name: String
    /// The file that stands for it.
    public var path: String { "/run/netns/\(name)" }

    /// A namespace that exists, or will.
    public init(_ name: String) {
        self.name = name
    }

    /// Makes namespaces with their loopback up.
    ///
    /// As `ip netns add NAME` and `ip -n NAME link set lo up`.
    public static func add(_ namespaces: [Namespace]) async throws(TestbedError) {
        try await IPRoute2.batch(namespaces.map { "netns add \($0.name)" })
        for namespace in namespaces {
            try await IPRoute2.batch(["link set lo up"], in: namespace)
        }
    }

    /// Makes empty namespaces, as a runtime does for a pod; everything in them is down.
    public static func addEmpty(_ namespaces: [Namespace]) async throws(TestbedError) {
        try await IPRoute2.batch(namespaces.map { "netns add \($0.name)" })
    }

    /// Takes the names away; the namespaces themselves end with the last process in them.
    ///
    /// As `ip netns delete NAME`; names that are gone already do no harm.
    public static func delete(_ namespaces: [Namespace]) async {
        let present = namespaces.filter { FileSystem.fileExists($0.path) }
        guard !present.isEmpty else { return }
        try? await IPRoute2.batch(present.map { "netns delete \($0.name)" })
    }

    /// Names of all namespaces under /run/netns, sorted.
    public static var present: [String] { TemporaryDirectory.names(in: "/run/netns") }

    private static let counter = Atomic(0)

    /// A prefix for names that nobody else uses.
    static func uniquePrefix() -> String {
        "rt\(getpid())-\(counter.add(1, ordering: .relaxed).newValue)"
    }
}
