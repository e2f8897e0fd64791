/// The text in a link's alias by which an agent with no memory knows its own links.
///
/// Form: `romana CONTAINER IFNAME NETWORK NAMESPACE/POD`, in this order so that what is cut off at 255 bytes
/// (`IFALIASZ` in linux/if.h) is the part that only people read.
public struct LinkAlias: Hashable, Sendable {
    /// Container and interface.
    public var key: AttachmentKey
    /// The name of the network configuration.
    public var network: String
    /// Namespace and name of the pod; both may be empty.
    public var namespace: String
    /// The pod's name.
    public var pod: String

    private static let mark = "romana"
    private static let limit = 255

    init(_ attachment: Attachment) {
        key = attachment.key
        network = attachment.network
        namespace = attachment.namespace
        pod = attachment.pod
    }

    /// Reads an alias; nil when the text is not ours.
    public init?(_ text: String) {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 5, fields[0] == Self.mark, !fields[1].isEmpty, !fields[2].isEmpty else { return nil }
        key = AttachmentKey(containerID: String(fields[1]), interface: String(fields[2]))
        network = String(fields[3])
        let pod = fields[4].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        namespace = String(pod[0])
        self.pod = pod.count > 1 ? String(pod[1]) : ""
    }

    /// The text, at most 255 bytes.
    public var text: String {
        let whole = "\(Self.mark) \(key.containerID) \(key.interface) \(network) \(namespace)/\(pod)"
        return whole.utf8.count <= Self.limit ? whole : String(decoding: whole.utf8.prefix(Self.limit), as: UTF8.self)
    }
}
