import LinuxSystem

/// What tells this node from another that goes by the same name.
struct NodeIdentity: Sendable, Hashable {
    /// The machine, which stays the same through restarts and changes of address; empty where nothing tells.
    var machine: String
    /// The machine since it was started, and the network namespace that the agent keeps.
    var instance: String

    /// The identity of the calling thread's node.
    ///
    /// - Parameter machine: what the agent was told of the machine; nil to find out.
    static func current(machine: String?) -> NodeIdentity {
        // Machines that were cloned share the first, boards of some makers the second.
        let found = ["/etc/machine-id", "/sys/class/dmi/id/product_uuid"].compactMap(read).joined(separator: "/")
        let namespace = (try? NetworkNamespace.currentIdentity()).map { "\($0)" } ?? ""
        return NodeIdentity(
            machine: machine ?? found, instance: "\(read("/proc/sys/kernel/random/boot_id") ?? "")/\(namespace)")
    }

    /// A word from a file; nil when there is none.
    private static func read(_ path: String) -> String? {
        guard let bytes = try? FileSystem.readFile(path, limit: 4096) else { return nil }
        let word = String(decoding: bytes.prefix(128), as: UTF8.self).filter { !$0.isWhitespace }
        return word.isEmpty ? nil : word
    }
}
