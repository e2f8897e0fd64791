extension MACAddress {
    /// The address with these six octets, in the order of the wire: `MACAddress(0xee, 0xee, 0xee, 0xee, 0xee, 0xee)`.
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8, _ fifth: UInt8, _ sixth: UInt8) {
        rawValue = [first, second, third, fourth, fifth, sixth].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
