public import Addresses

/// One field of an element.
public enum NftValue: Hashable, Sendable {
    /// A mark.
    case mark(UInt32)
    /// An address of either family.
    case address(IPAddress)
    /// A link's index.
    case interface(UInt32)
    /// A transport protocol by its number (IANA).
    case transport(UInt8)
    /// A port.
    case service(UInt16)

    /// Its bytes as the kernel compares them.
    func append(to bytes: inout [UInt8], isPadded: Bool) {
        switch self {
        case .mark(let value), .interface(let value):
            withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
        case .address(.v4(let address)):
            withUnsafeBytes(of: address.rawValue.bigEndian) { bytes.append(contentsOf: $0) }
        case .address(.v6(let address)):
            withUnsafeBytes(of: address.rawValue.bigEndian) { bytes.append(contentsOf: $0) }
        case .transport(let number):
            bytes.append(number)
            if isPadded { bytes.append(contentsOf: [0, 0, 0]) }
        case .service(let port):
            withUnsafeBytes(of: port.bigEndian) { bytes.append(contentsOf: $0) }
            if isPadded { bytes.append(contentsOf: [0, 0]) }
        }
    }

    /// As `nft` would write it.
    var text: String {
        switch self {
        case .mark(let value): "0x" + String(value, radix: 16)
        case .address(let address): address.description
        case .interface(let index): String(index)
        case .transport(let number): String(number)
        case .service(let port): String(port)
        }
    }
}

extension [NftValue] {
    /// All bytes, each field of a concatenation in whole registers.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for value in self { value.append(to: &bytes, isPadded: count > 1) }
        return bytes
    }

    /// The values, by dots, as `nft` would write them.
    public var text: String { map(\.text).joined(separator: " . ") }
}
