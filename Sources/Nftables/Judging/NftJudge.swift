import Addresses
import LinuxSystem

/// Follows a packet through chains as the kernel holds them, expression by expression.
///
/// It knows the expressions that this module writes; whatever else it meets it says that it cannot tell.
public struct NftJudge {
    private let kernel: KernelNft
    private let packet: NftPacket
    /// Sets of the table, by name.
    private let sets: [String: NftSet]

    /// A packet before the chains of a table.
    public init(_ packet: NftPacket, in kernel: KernelNft, sets: [NftSet]) {
        self.packet = packet
        self.kernel = kernel
        self.sets = Dictionary(sets.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    private enum Outcome {
        case verdict(NftVerdict)
        case noMatch
    }

    /// What a map says of a key, and then the chain that it leads to; nil when the map does not hold the key.
    public func follow(_ set: NftSet, _ key: [NftValue]) throws(NftError) -> NftJudgement? {
        guard let element = try kernel.element(key, of: set), case .verdict(let verdict) = element.content else {
            return nil
        }
        return try settle(verdict, "map \(set.name)", depth: 0)
            ?? NftJudgement(isAllowed: false, rule: "map \(set.name): \(verdict)")
    }

    /// What a verdict comes to; nil where the chain that jumped goes on.
    private func settle(_ verdict: NftVerdict, _ origin: String, depth: Int) throws(NftError) -> NftJudgement? {
        switch verdict {
        case .accept: return NftJudgement(isAllowed: true, rule: origin)
        case .drop: return NftJudgement(isAllowed: false, rule: origin)
        case .return: return nil
        case .jump(let name), .goto(let name):
            guard depth < 16 else {
                throw NftError(operation: "follow chain \(name)", errno: .ELOOP)
            }
            let rules = try kernel.rules(of: name)
            for rule in rules {
                guard case .verdict(let next) = try run(rule) else { continue }
                if let judgement = try settle(next, Self.words(name, rule), depth: depth + 1) { return judgement }
                if case .return = next { return nil }
            }
            guard case .goto = verdict, let last = rules.last else { return nil }
            // There is no way back: the base chain's policy has it, which is to drop.
            return NftJudgement(isAllowed: false, rule: Self.words(name, last))
        }
    }

    private static func words(_ chain: String, _ rule: NftRule) -> String {
        "chain \(chain)" + (rule.comment.isEmpty ? "" : ": \(rule.comment)")
    }

    private func run(_ rule: NftRule) throws(NftError) -> Outcome {
        // 16 registers of 4 bytes, numbered from 8.
        var registers = [UInt8](repeating: 0, count: 64)
        func place(_ register: NftRegister) -> Int { (Int(register.rawValue) - 8) * 4 }
        func load(_ bytes: [UInt8], _ register: NftRegister) {
            let start = place(register)
            guard start >= 0, start + bytes.count <= registers.count else { return }
            registers.replaceSubrange(start..<start + bytes.count, with: bytes)
        }
        func read(_ register: NftRegister, _ count: Int) -> [UInt8] {
            let start = place(register)
            guard start >= 0, start + count <= registers.count else { return [] }
            return Array(registers[start..<start + count])
        }
        for expression in rule.expressions {
            switch expression {
            case .meta(let property, let register):
                guard let bytes = packet.property(property) else { throw unknown(expression) }
                load(bytes, register)
            case .payload(let header, let offset, let length, let register):
                guard let bytes = packet.bytes(header, offset, length) else { return .noMatch }
                load(bytes, register)
            case .bitwise(let source, let target, let mask, let xor):
                load(zip(zip(read(source, mask.count), mask), xor).map { ($0.0 & $0.1) ^ $1 }, target)
            case .compare(let register, let comparison, let bytes):
                let held = read(register, bytes.count)
                let matches =
                    switch comparison {
                    case .equal: held == bytes
                    case .notEqual: held != bytes
                    case .lessOrEqual: !bytes.lexicographicallyPrecedes(held)
                    case .greaterOrEqual: !held.lexicographicallyPrecedes(bytes)
                    }
                if !matches { return .noMatch }
            case .lookup(let register, let name, let isInverted):
                guard let key = key(of: name, from: register) else { throw unknown(expression) }
                let isThere = try kernel.holds(key.values, in: key.set)
                if isThere == isInverted { return .noMatch }
            case .counter: break
            case .limit, .log: return .noMatch
            case .verdict(let verdict): return .verdict(verdict)
            default: throw unknown(expression)
            }
        }
        return .noMatch

        /// The key of a lookup, which begins at a register.
        func key(of name: String, from register: NftRegister) -> (set: NftSet, values: [NftValue])? {
            let set: NftSet? =
                sets[name]
                ?? (name.hasPrefix("block-")
                    ? NftSet(
                        name, key: [packet.source.family == .ipv4 ? .ipv4Address : .ipv6Address], isInterval: true)
                    : nil)
            guard let set else { return nil }
            let bytes = read(register, set.key.length)
            let values = bytes.withUnsafeBytes { [NftValue]($0, set.key) }
            return values.map { (set, $0) }
        }
    }

    private func unknown(_ expression: NftExpression) -> NftError {
        NftError(operation: "tell what \(expression) does", errno: .EOPNOTSUPP)
    }
}
