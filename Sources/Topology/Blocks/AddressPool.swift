/// The addresses of one block, by their offset: which are in use, which cool down, which may be given.
///
/// Each address has one bit in two maps; those that cool down also wait in a queue, in the order they were released,
/// so that taking, releasing and finding the lowest or the longest idle one cost no walk over addresses.
struct AddressPool: Sendable {
    /// How many addresses it keeps, at most ``limit``.
    let size: Int
    /// Bits of addresses that may be given at once.
    private var idle: [UInt64]
    /// Bits of addresses in use.
    private var used: [UInt64]
    /// Bits of addresses that must never be given; empty when there are none.
    private var reserved: [UInt64] = []
    /// Words below this one hold no idle address.
    private var firstWord = 0
    /// Released addresses, the longest idle first, from `coolingStart` on.
    private var cooling: [(offset: Int32, since: UInt64)] = []
    private var coolingStart = 0
    /// How many may be given at once.
    private(set) var idleCount: Int
    /// How many are in use.
    private(set) var usedCount = 0

    /// Blocks wider than this give only their first addresses; no node runs as many pods.
    static let limit = 1 << 16

    /// A pool of `count` addresses, all idle.
    init(count: UInt128) {
        size = Int(min(count, UInt128(Self.limit)))
        let words = (size + 63) / 64
        idle = [UInt64](repeating: .max, count: words)
        used = [UInt64](repeating: 0, count: words)
        if size % 64 != 0 { idle[words - 1] = (1 << UInt64(size % 64)) - 1 }
        idleCount = size
    }

    /// How many are idle but not for long enough.
    var coolingCount: Int { cooling.count - coolingStart }

    /// Whether no address is in use or cools down at a time when those released by `limit` have cooled, and some can
    /// be given.
    func isWhollyIdle(cooledBy limit: UInt64?) -> Bool {
        guard usedCount == 0, idleCount + coolingCount > 0 else { return false }
        guard coolingCount > 0, let last = cooling.last else { return true }
        return limit.map { last.since <= $0 } ?? false
    }

    /// Whether no address can be given, warm ones included.
    var isExhausted: Bool { idleCount == 0 && coolingCount == 0 }

    /// Whether no address is in use and none can ever be given.
    var isBarren: Bool { usedCount == 0 && isExhausted }

    /// Makes addresses that were released by `limit` idle again.
    mutating func thaw(releasedBy limit: UInt64?) {
        guard let limit, coolingStart < cooling.count, cooling[coolingStart].since <= limit else { return }
        while coolingStart < cooling.count, cooling[coolingStart].since <= limit {
            setIdle(Int(cooling[coolingStart].offset))
            coolingStart += 1
        }
        compact()
    }

    /// The lowest address that may be given at once.
    mutating func lowestIdle() -> Int? {
        guard idleCount > 0 else { return nil }
        while firstWord < idle.count, idle[firstWord] == 0 { firstWord += 1 }
        guard firstWord < idle.count else { return nil }
        return firstWord * 64 + idle[firstWord].trailingZeroBitCount
    }

    /// The address that was released first of those that cool down, and when.
    var longestCooling: (offset: Int, since: UInt64)? {
        coolingCount > 0 ? (Int(cooling[coolingStart].offset), cooling[coolingStart].since) : nil
    }

    /// Takes an address into use, whatever its state; false when it is in use already.
    mutating func take(_ offset: Int) -> Bool {
        let (word, bit) = (offset / 64, UInt64(1) << UInt64(offset % 64))
        guard used[word] & bit == 0 else { return false }
        if idle[word] & bit != 0 {
            idle[word] &= ~bit
            idleCount -= 1
        } else if coolingCount > 0, cooling[coolingStart].offset == Int32(offset) {
            coolingStart += 1
            compact()
        } else {
            cooling.removeSubrange(..<coolingStart)
            coolingStart = 0
            cooling.removeAll { $0.offset == Int32(offset) }
        }
        used[word] |= bit
        usedCount += 1
        return true
    }

    /// Ends the use of an address, which cools down from `now` on.
    mutating func release(_ offset: Int, now: UInt64) {
        let (word, bit) = (offset / 64, UInt64(1) << UInt64(offset % 64))
        guard used[word] & bit != 0 else { return }
        used[word] &= ~bit
        usedCount -= 1
        guard !isReserved(offset) else { return }
        // The queue must stay in order of time even if the clock does not.
        cooling.append((Int32(offset), max(now, cooling.last?.since ?? 0)))
    }

    /// Keeps the addresses in `ranges`, and only those, from being given; those in use stay in use.
    mutating func reserve(_ ranges: [ClosedRange<Int>]) {
        guard !ranges.isEmpty || !reserved.isEmpty else { return }
        let before = reserved
        reserved = []
        if !ranges.isEmpty {
            reserved = [UInt64](repeating: 0, count: idle.count)
            for offset in ranges.joined() { reserved[offset / 64] |= 1 << UInt64(offset % 64) }
        }
        cooling = cooling[coolingStart...].filter { !isReserved(Int($0.offset)) }
        coolingStart = 0
        for offset in 0..<size {
            let (word, bit) = (offset / 64, UInt64(1) << UInt64(offset % 64))
            if isReserved(offset) {
                if idle[word] & bit != 0 { idleCount -= 1 }
                idle[word] &= ~bit
            } else if !before.isEmpty, before[word] & bit != 0, used[word] & bit == 0 {
                setIdle(offset)
            }
        }
    }

    private func isReserved(_ offset: Int) -> Bool {
        !reserved.isEmpty && reserved[offset / 64] >> UInt64(offset % 64) & 1 == 1
    }

    private mutating func setIdle(_ offset: Int) {
        idle[offset / 64] |= 1 << UInt64(offset % 64)
        idleCount += 1
        firstWord = min(firstWord, offset / 64)
    }

    /// Drops what lies before the start of the queue, often enough to stay small and seldom enough to cost nothing.
    private mutating func compact() {
        if coolingStart == cooling.count {
            cooling.removeAll(keepingCapacity: true)
            coolingStart = 0
        } else if coolingStart > 64, coolingStart * 2 > cooling.count {
            cooling.removeSubrange(..<coolingStart)
            coolingStart = 0
        }
    }
}
