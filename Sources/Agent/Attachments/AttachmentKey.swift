/// What identifies an attachment: a container and the name of an interface in it (CNI spec 1.1, section 2).
public struct AttachmentKey: Hashable, Sendable, CustomStringConvertible {
    /// The runtime's id of the sandbox (`CNI_CONTAINERID`).
    public let containerID: String
    /// The interface's name inside the pod (`CNI_IFNAME`).
    public let interface: String

    /// Makes a key; both parts have been validated before.
    public init(containerID: String, interface: String) {
        self.containerID = containerID
        self.interface = interface
    }

    /// `CONTAINER/IFNAME`; neither part may hold a slash, so the text is unique.
    public var description: String { "\(containerID)/\(interface)" }

    /// The name of the host's end: `rom` and twelve hex digits of a hash of this key, 15 characters (IFNAMSIZ - 1).
    public var vethName: String { Self.name("rom", hash & 0xffff_ffff_ffff, digits: 12) }

    /// The name of the link that holds what the pod sends to a rate: `romi` and the last eleven of the same digits.
    public var ifbName: String { Self.name("romi", hash & 0xfff_ffff_ffff, digits: 11) }

    private static func name(_ prefix: String, _ number: UInt64, digits count: Int) -> String {
        let digits = String(number, radix: 16)
        return prefix + String(repeating: "0", count: count - digits.count) + digits
    }

    /// FNV-1a, 64 bits, folded to 48 by the caller: stable over restarts, which Swift's own hashing is not.
    var hash: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in description.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return hash ^ (hash >> 48)
    }
}
