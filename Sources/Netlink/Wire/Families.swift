import Addresses
import CNlRoute
import Glibc
import LinuxSystem

extension AddressFamily {
    /// AF_INET or AF_INET6.
    var number: Int32 { self == .ipv4 ? AF_INET : AF_INET6 }
}

extension IPAddress {
    /// As libnl takes it; without a prefix length it stands for itself.
    func binary(prefixLength: Int? = nil) throws(Errno) -> BinaryAddress {
        try BinaryAddress(family: family.number, bytes, prefixLength: prefixLength)
    }

    /// From an address of libnl; nil for none, or one of another family.
    init?(libnl pointer: OpaquePointer?) {
        guard let pointer, let bytes = BinaryAddress.bytes(of: pointer) else { return nil }
        self.init(bytes: bytes)
    }
}

extension IPPrefix {
    /// As libnl takes it.
    func binary() throws(Errno) -> BinaryAddress { try address.binary(prefixLength: length) }

    /// From an address of libnl with its length; nil for none.
    ///
    /// One without bytes is everything of `family`.
    init?(libnl pointer: OpaquePointer?, family: AddressFamily) {
        guard let pointer else { return nil }
        let address = IPAddress(libnl: pointer) ?? IPAddress(family: family, value: 0)
        guard let address else { return nil }
        self.init(address, length: Int(nl_addr_get_prefixlen(pointer)))
    }
}

extension MACAddress {
    /// As libnl takes it.
    func binary() throws(Errno) -> BinaryAddress { try BinaryAddress(family: AF_LLC, bytes) }

    /// From an address of libnl; nil for none, or one that has not 6 bytes.
    init?(libnl pointer: OpaquePointer?) {
        guard let pointer, let bytes = BinaryAddress.bytes(of: pointer) else { return nil }
        self.init(bytes: bytes)
    }
}

extension BinaryAddress {
    /// The bytes of an address that belongs to somebody else.
    static func bytes(of pointer: OpaquePointer) -> [UInt8]? {
        guard let start = nl_addr_get_binary_addr(pointer) else { return nil }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(nl_addr_get_len(pointer))))
    }
}
