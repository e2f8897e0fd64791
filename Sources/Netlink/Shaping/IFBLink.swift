/// A link that gives every packet back to where it was taken from (intermediate functional block).
///
/// Its queue does for packets that come in what a link's own queue does for those that it sends. It is created down,
/// without an alias and with its address generation as the kernel's default; a ``LinkChange`` sees to the rest.
public struct IFBLink: Hashable, Sendable {
    /// Its name, 1 to 15 bytes.
    public var name: String
    /// Its group.
    public var group: UInt32
    /// The largest packet in bytes; nil for the kernel's 1500.
    public var mtu: UInt32?

    /// A link with the given properties.
    public init(name: String, group: UInt32 = 0, mtu: UInt32? = nil) {
        self.name = name
        self.group = group
        self.mtu = mtu
    }
}

extension IFBLink: CustomStringConvertible {
    /// As `ip link add` takes it.
    public var description: String {
        var words = ["\(name)"]
        if let mtu { words += ["mtu", "\(mtu)"] }
        if group != 0 { words += ["group", "\(group)"] }
        return (words + ["type", "ifb"]).joined(separator: " ")
    }
}
