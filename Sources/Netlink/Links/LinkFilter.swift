/// Which links are wanted; a property that is nil does not matter.
public struct LinkFilter: Hashable, Sendable {
    /// The driver; the kernel itself leaves the others out.
    public var kind: String?
    /// The group.
    public var group: UInt32?
    /// What the name begins with.
    public var namePrefix: String?

    /// A filter of the given properties.
    public init(kind: String? = nil, group: UInt32? = nil, namePrefix: String? = nil) {
        self.kind = kind
        self.group = group
        self.namePrefix = namePrefix
    }

    /// Every link.
    public static let all = LinkFilter()

    /// Links of one driver (`ip link show type veth`).
    public static func kind(_ kind: String) -> LinkFilter { LinkFilter(kind: kind) }

    /// Links of one group (`ip link show group 7170`).
    public static func group(_ group: UInt32) -> LinkFilter { LinkFilter(group: group) }

    /// Whether a link is wanted.
    public func matches(_ link: Link) -> Bool {
        (kind == nil || kind == link.kind) && (group == nil || group == link.group)
            && (namePrefix.map { link.name.hasPrefix($0) } ?? true)
    }
}
