import Glibc

/// An address with a port, as sockets take it.
struct ProbeAddress: Sendable, Hashable {
    /// AF_INET or AF_INET6.
    let family: Int32
    /// A sockaddr_in or sockaddr_in6.
    private var bytes: [UInt8]

    /// An address from its text; nil when that is none.
    init?(_ text: String, port: UInt16) {
        let family = text.contains(":") ? AF_INET6 : AF_INET
        var address = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        guard inet_pton(family, text, &address) == 1 else { return nil }
        self.init(family, address, port)
    }

    /// Every address of a family.
    init(anyOf family: Int32, port: UInt16) {
        self.init(family, [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16), port)
    }

    private init(_ family: Int32, _ address: [UInt8], _ port: UInt16) {
        self.family = family
        let head = withUnsafeBytes(of: sa_family_t(family)) { Array($0) } + [UInt8(port >> 8), UInt8(port & 255)]
        let nothing = [UInt8](repeating: 0, count: family == AF_INET ? 8 : 4)
        bytes = family == AF_INET ? head + address + nothing : head + nothing + address + nothing
    }

    /// The address alone: 4 or 16 octets.
    var address: [UInt8] { Array(family == AF_INET ? bytes[4..<8] : bytes[8..<24]) }

    /// The same address without a port, as raw sockets want it.
    var withoutPort: ProbeAddress {
        var address = self
        address.bytes[2] = 0
        address.bytes[3] = 0
        return address
    }

    /// Hands it to a call that takes a sockaddr and its length.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(bytes.count)) }
        }
    }
}
