/// A binary tree over the bits of addresses, with marks at prefixes.
struct PrefixTrie: Sendable {
    /// How many bits an address has.
    private let bits: Int
    /// The nodes; the first is the root, which stands for all addresses.
    private var nodes: [Node]
    /// Places in `nodes` that can be used again.
    private var unused: [Int32] = []

    private struct Node {
        /// The halves; 0 where nothing is marked.
        var low: Int32 = 0
        var high: Int32 = 0
        /// How often the prefix itself is marked.
        var marks: Int32 = 0
        /// How many marks there are at it and below.
        var total: Int32 = 0
        /// The length of the widest prefix in it without a mark, above or below; `full` when there is none.
        var widest: UInt8 = 0
    }

    private static let full = UInt8.max

    /// A tree of addresses of `bits` bits.
    init(bits: Int) {
        self.bits = bits
        nodes = [Node()]
    }

    /// What is looked for.
    struct Walk {
        /// The length of the prefixes.
        var length: Int
        /// How many.
        var count: Int
        /// Whether the highest are wanted, and in that order.
        var highestFirst: Bool
        /// Prefixes to keep out of, apart from each other, none longer than `length`.
        var avoided: [(value: UInt128, length: Int)]
    }

    /// Marks a prefix, once more if it is marked.
    mutating func insert(_ value: UInt128, _ length: Int) {
        var path: [Int32] = []
        path.reserveCapacity(length)
        var node: Int32 = 0
        for depth in 0..<length {
            path.append(node)
            node = child(of: node, isHigh: bit(value, depth)) ?? grow(node, isHigh: bit(value, depth), depth: depth + 1)
        }
        nodes[Int(node)].marks += 1
        nodes[Int(node)].total += 1
        nodes[Int(node)].widest = Self.full
        for (depth, node) in path.enumerated().reversed() {
            nodes[Int(node)].total += 1
            refresh(node, depth)
        }
    }

    /// Takes one mark off a prefix; false when it has none.
    mutating func remove(_ value: UInt128, _ length: Int) -> Bool {
        guard contains(value, length) else { return false }
        var path: [Int32] = [0]
        for depth in 0..<length {
            guard let last = path.last, let next = child(of: last, isHigh: bit(value, depth)) else { return false }
            path.append(next)
        }
        if let last = path.last { nodes[Int(last)].marks -= 1 }
        for (depth, node) in path.enumerated().reversed() {
            nodes[Int(node)].total -= 1
            guard depth > 0, nodes[Int(node)].total == 0 else {
                refresh(node, depth)
                continue
            }
            let parent = Int(path[depth - 1])
            if nodes[parent].low == node { nodes[parent].low = 0 } else { nodes[parent].high = 0 }
            unused.append(node)
        }
        return true
    }

    /// Whether just this prefix is marked.
    func contains(_ value: UInt128, _ length: Int) -> Bool {
        node(at: value, length).map { nodes[Int($0)].marks > 0 } ?? false
    }

    /// Whether a marked prefix shares addresses with this one.
    func overlaps(_ value: UInt128, _ length: Int) -> Bool {
        var node: Int32 = 0
        for depth in 0..<length {
            if nodes[Int(node)].marks > 0 { return true }
            guard let next = child(of: node, isHigh: bit(value, depth)) else { return false }
            node = next
        }
        return nodes[Int(node)].total > 0
    }

    /// How many marks there are at this prefix and inside it.
    func count(_ value: UInt128, _ length: Int) -> Int {
        node(at: value, length).map { Int(nodes[Int($0)].total) } ?? 0
    }

    /// Whether a prefix of length `wanted` inside this one shares no address with a marked one.
    func hasFree(_ value: UInt128, _ length: Int, wanted: Int) -> Bool {
        var node: Int32 = 0
        for depth in 0..<length {
            if nodes[Int(node)].marks > 0 { return false }
            guard let next = child(of: node, isHigh: bit(value, depth)) else { return wanted >= length }
            node = next
        }
        return Int(nodes[Int(node)].widest) <= wanted
    }

    /// The first addresses of prefixes inside this one that share no address with a marked one.
    func free(_ value: UInt128, _ length: Int, _ walk: Walk) -> [UInt128] {
        var node: Int32? = 0
        for depth in 0..<length {
            guard let known = node else { break }
            if nodes[Int(known)].marks > 0 { return [] }
            node = child(of: known, isHigh: bit(value, depth))
        }
        var found: [UInt128] = []
        collect(node, value, length, walk, walk.avoided, &found)
        return found
    }

    private func collect(
        _ node: Int32?, _ value: UInt128, _ length: Int, _ walk: Walk, _ avoided: [(value: UInt128, length: Int)],
        _ found: inout [UInt128]
    ) {
        guard found.count < walk.count else { return }
        if let node, Int(nodes[Int(node)].widest) > walk.length { return }
        var near = avoided
        if !near.isEmpty {
            near = near.filter { contains(value, length, $0) || contains($0.value, $0.length, (value, length)) }
            if near.contains(where: { $0.length <= length }) { return }
        }
        guard length < walk.length else {
            found.append(value)
            return
        }
        let half = UInt128(1) << UInt128(bits - length - 1)
        for isHigh in walk.highestFirst ? [true, false] : [false, true] {
            let next = node.flatMap { child(of: $0, isHigh: isHigh) }
            collect(next, isHigh ? value | half : value, length + 1, walk, near, &found)
        }
    }

    /// Whether the second prefix is the first or part of it.
    private func contains(_ value: UInt128, _ length: Int, _ other: (value: UInt128, length: Int)) -> Bool {
        guard other.length >= length else { return false }
        return length == 0 || (value ^ other.value) >> UInt128(bits - length) == 0
    }

    private func bit(_ value: UInt128, _ depth: Int) -> Bool { value >> UInt128(bits - 1 - depth) & 1 == 1 }

    private func child(of node: Int32, isHigh: Bool) -> Int32? {
        let next = isHigh ? nodes[Int(node)].high : nodes[Int(node)].low
        return next == 0 ? nil : next
    }

    private func node(at value: UInt128, _ length: Int) -> Int32? {
        var node: Int32 = 0
        for depth in 0..<length {
            guard let next = child(of: node, isHigh: bit(value, depth)) else { return nil }
            node = next
        }
        return node
    }

    private mutating func grow(_ parent: Int32, isHigh: Bool, depth: Int) -> Int32 {
        let fresh = Node(widest: UInt8(depth))
        let place: Int32
        if let reused = unused.popLast() {
            place = reused
            nodes[Int(place)] = fresh
        } else {
            place = Int32(nodes.count)
            nodes.append(fresh)
        }
        if isHigh { nodes[Int(parent)].high = place } else { nodes[Int(parent)].low = place }
        return place
    }

    /// Works out again what is free in a node from its halves.
    private mutating func refresh(_ node: Int32, _ depth: Int) {
        let known = nodes[Int(node)]
        guard known.marks == 0 else {
            nodes[Int(node)].widest = Self.full
            return
        }
        guard known.total > 0 else {
            nodes[Int(node)].widest = UInt8(depth)
            return
        }
        let half = UInt8(depth + 1)
        let low = known.low == 0 ? half : nodes[Int(known.low)].widest
        let high = known.high == 0 ? half : nodes[Int(known.high)].widest
        nodes[Int(node)].widest = min(low, high)
    }
}
