/// All addresses of one family from a first to a last, both included.
public struct AddressRange: Hashable, Sendable {
    /// The lowest address.
    public let first: IPAddress
    /// The highest address.
    public let last: IPAddress

    /// The range from `first` to `last`; nil when they differ in family or are the wrong way round.
    public init?(first: IPAddress, last: IPAddress) {
        guard first.family == last.family, first <= last else { return nil }
        self.first = first
        self.last = last
    }

    /// The addresses of `prefix`.
    public init(_ prefix: IPPrefix) {
        first = prefix.first
        last = prefix.last
    }

    /// The family of its addresses.
    public var family: AddressFamily { first.family }

    /// Whether `address` lies in the range.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == family && first <= address && address <= last
    }

    /// How many addresses it holds; all of IPv6 holds one more than the number says.
    public var count: UInt128 {
        let (count, overflow) = (last.value - first.value).addingReportingOverflow(1)
        return overflow ? .max : count
    }

    /// The smallest sorted list of prefixes that covers exactly the range.
    public var prefixes: [IPPrefix] {
        var result: [IPPrefix] = []
        var next: IPAddress? = first
        while let start = next, start <= last {
            // The widest prefix that starts here is limited by how the start is aligned and by what is left.
            let aligned = min(start.value.trailingZeroBitCount, family.bits)
            let left = AddressRange(first: start, last: last)?.count ?? 1
            let fitting = coversAll(from: start) ? family.bits : 127 - left.leadingZeroBitCount
            let prefix = IPPrefix(masking: start, length: family.bits - min(aligned, fitting))
            result.append(prefix)
            next = prefix.last.advanced(by: 1)
        }
        return result
    }

    private func coversAll(from start: IPAddress) -> Bool {
        start.value == 0 && last.value == family.highestValue
    }
}

extension AddressRange: LosslessStringConvertible {
    /// Reads `FIRST-LAST`, or a prefix, or a single address; nil for anything else.
    public init?(_ text: String) {
        guard let range = try? AddressRange(parsing: text) else { return nil }
        self = range
    }

    /// Reads `FIRST-LAST`, or a prefix, or a single address, and says what is wrong when it cannot.
    public init(parsing text: String) throws(AddressError) {
        guard let dash = text.utf8.firstIndex(of: UInt8(ascii: "-")) else {
            guard text.utf8.contains(UInt8(ascii: "/")) else {
                self.init(try IPAddress(parsing: text).hostPrefix)
                return
            }
            self.init(try IPPrefix(parsing: text))
            return
        }
        let first = try IPAddress(parsing: String(text[..<dash]))
        let last = try IPAddress(parsing: String(text[text.utf8.index(after: dash)...]))
        guard let range = AddressRange(first: first, last: last) else {
            throw AddressError(
                expected: "a range of addresses", text: text, reason: "the last address must not be below the first")
        }
        self = range
    }

    /// Both ends: `10.0.0.1-10.0.0.9`.
    public var description: String { "\(first)-\(last)" }
}
