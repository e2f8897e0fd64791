/// Numbers of blocks and addresses, which IPv6 makes large.
enum Quantity {
    /// Two to the power of so many bits, the largest number where that is larger.
    static func power(_ bits: Int) -> UInt128 { bits >= 128 ? .max : 1 << UInt128(max(bits, 0)) }

    /// A number as people read it: large powers of two by their exponent, other large ones roughly.
    static func text(_ number: UInt128) -> String {
        guard number >= 1 << 24 else { return "\(number)" }
        let bits = 127 - number.leadingZeroBitCount
        return number & (number - 1) == 0 ? "2^\(bits)" : "over 2^\(bits)"
    }

    /// A share in percent, in words where it would be rounded away.
    static func percent(_ part: UInt128, of whole: UInt128) -> String {
        guard whole > 0 else { return "-" }
        let (product, overflow) = part.multipliedReportingOverflow(by: 100)
        let share = overflow ? part / max(1, whole / 100) : product / whole
        return share == 0 && part > 0 ? "<1%" : "\(share)%"
    }
}
