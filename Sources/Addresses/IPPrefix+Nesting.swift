extension IPPrefix {
    /// Whether `other` is one of its addresses.
    public func contains(_ other: IPAddress) -> Bool {
        other.family == family && IPPrefix(masking: other, length: length).address == address
    }

    /// Whether every address of `other` is one of its own; a prefix contains itself.
    public func contains(_ other: IPPrefix) -> Bool {
        other.length >= length && contains(other.address)
    }

    /// Whether any address is in both, which with prefixes means that one contains the other.
    public func overlaps(_ other: IPPrefix) -> Bool {
        contains(other) || other.contains(self)
    }

    /// The `index`-th prefix of `length` bits inside this one, counted from 0; nil when there is none.
    public func subprefix(_ index: UInt128, length sublength: Int) -> IPPrefix? {
        guard (length...family.bits).contains(sublength) else { return nil }
        let indexBits = sublength - length
        guard indexBits == 128 || index >> indexBits == 0 else { return nil }
        guard let start = IPAddress(family: family, value: address.value | index << (family.bits - sublength)) else {
            return nil
        }
        return IPPrefix(start, length: sublength)
    }

    /// The prefix one bit shorter around this one; nil for a prefix of length 0.
    public var parent: IPPrefix? {
        length == 0 ? nil : IPPrefix(masking: address, length: length - 1)
    }

    /// The other half of the parent; nil for a prefix of length 0.
    public var sibling: IPPrefix? {
        guard length > 0, let other = IPAddress(family: family, value: address.value ^ (1 << freeBits)) else {
            return nil
        }
        return IPPrefix(masking: other, length: length)
    }

    /// The smallest sorted list of prefixes that covers exactly the addresses of `prefixes`.
    ///
    /// Duplicates and prefixes inside others vanish, and halves join, as often as they can. Families never join.
    public static func aggregate(_ prefixes: some Sequence<IPPrefix>) -> [IPPrefix] {
        var result: [IPPrefix] = []
        for prefix in prefixes.sorted() {
            // What is sorted comes after everything that could contain it, and only the last can.
            if let last = result.last, last.contains(prefix) { continue }
            var joined = prefix
            while let last = result.last, last == joined.sibling, let parent = joined.parent {
                result.removeLast()
                joined = parent
            }
            result.append(joined)
        }
        return result
    }
}
