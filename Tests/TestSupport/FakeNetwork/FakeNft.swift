public import LinuxSystem
public import Nftables

/// A pretended table of nf_tables with the kernel's manners: all or nothing, no reference to what is not there, nothing
/// removed that others refer to.
public final class FakeNft: NftKernel {
    /// What a table holds.
    public struct Table {
        /// Sets.
        public var sets: [String: [[NftValue]: NftElement]] = [:]
        /// Chains.
        public var chains: [String: [NftRule]] = [:]
    }

    /// The table; nil when there is none.
    public private(set) var table: Table?
    /// Every transaction that was committed.
    public private(set) var transactions: [[NftOperation]] = []
    /// How often chains, rules or elements were listed.
    public private(set) var lists = 0
    /// What the next transaction is refused with.
    public var refusal: Errno?
    private var changes: UInt32 = 0

    /// A namespace without a table.
    public init() {}

    /// Somebody else removes the rules of a chain.
    public func flush(_ chain: String) {
        table?.chains[chain] = []
        changes += 1
    }

    /// Somebody else changes the elements of a set.
    public func change(_ set: String, _ change: (inout [[NftValue]: NftElement]) -> Void) {
        var elements = table?.sets[set] ?? [:]
        change(&elements)
        table?.sets[set] = elements
        changes += 1
    }

    /// Somebody else changes a table of his own.
    public func changeElsewhere() { changes += 1 }

    /// Somebody else removes the table.
    public func vanish() {
        table = nil
        changes += 1
    }

    /// Does all operations or none.
    public func commit(_ operations: [NftOperation]) throws(NftError) {
        if let refusal {
            self.refusal = nil
            throw NftError(operation: "\(operations.first.map { "\($0)" } ?? "")", errno: refusal)
        }
        var next = table
        for operation in operations {
            if let errno = Self.perform(operation, &next) { throw NftError(operation: "\(operation)", errno: errno) }
        }
        if let table = next, let missing = Self.danglingReference(table) {
            throw NftError(operation: "refer to \(missing)", errno: .ENOENT)
        }
        table = next
        transactions.append(operations)
        changes += 1
    }

    private static func perform(_ operation: NftOperation, _ table: inout Table?) -> Errno? {
        if case .addTable = operation {
            if table == nil { table = Table() }
            return nil
        }
        guard var held = table else { return .ENOENT }
        defer { if table != nil { table = held } }
        switch operation {
        case .addTable: break
        case .deleteTable:
            table = nil
        case .addChain(let chain):
            if held.chains[chain.name] == nil { held.chains[chain.name] = [] }
        case .flushChain(let name):
            if held.chains[name] == nil { return .ENOENT }
            held.chains[name] = []
        case .deleteChain(let name):
            if held.chains.removeValue(forKey: name) == nil { return .ENOENT }
        case .addRule(let chain, let rule):
            if held.chains[chain] == nil { return .ENOENT }
            held.chains[chain]?.append(rule)
        case .addSet(let set):
            if held.sets[set.name] == nil { held.sets[set.name] = [:] }
        case .deleteSet(let name):
            if held.sets.removeValue(forKey: name) == nil { return .ENOENT }
        case .flushSet(let name):
            if held.sets[name] == nil { return .ENOENT }
            held.sets[name] = [:]
        case .addElements(let set, let elements):
            if held.sets[set.name] == nil { return .ENOENT }
            for element in elements {
                if let old = held.sets[set.name]?[element.key], old.content != element.content { return .EEXIST }
                held.sets[set.name]?[element.key] = element
            }
        case .deleteElements(let set, let elements):
            for element in elements where held.sets[set.name]?.removeValue(forKey: element.key) == nil {
                return .ENOENT
            }
        }
        return nil
    }

    /// A chain or set that is named and not there: the kernel refuses to add such a rule, and to remove what is named.
    private static func danglingReference(_ table: Table) -> String? {
        for element in table.sets.values.flatMap(\.values) {
            if case .verdict(let verdict) = element.content, let chain = verdict.chain, table.chains[chain] == nil {
                return chain
            }
        }
        for expression in table.chains.values.flatMap(\.self).flatMap(\.expressions) {
            switch expression {
            case .verdict(let verdict):
                if let chain = verdict.chain, table.chains[chain] == nil { return chain }
            case .lookup(_, let set, _), .map(_, let set, _), .verdictMap(_, let set):
                if table.sets[set] == nil { return set }
            default: break
            }
        }
        return nil
    }

    /// The names of the table's chains; nil when there is no table.
    public func chains() throws(NftError) -> [String]? {
        lists += 1
        return table.map { Array($0.chains.keys) }
    }

    /// The names of the table's sets.
    public func sets() throws(NftError) -> [String] { table.map { Array($0.sets.keys) } ?? [] }

    /// The elements of a set.
    public func elements(of set: NftSet) throws(NftError) -> [NftElement] {
        table?.sets[set.name].map { Array($0.values) } ?? []
    }

    /// How many elements a set has.
    public func elementCount(of set: String) throws(NftError) -> Int {
        lists += 1
        return table?.sets[set]?.count ?? 0
    }

    /// How many rules a chain has.
    public func ruleCount(of chain: String) throws(NftError) -> Int {
        lists += 1
        return table?.chains[chain]?.count ?? 0
    }

    /// How often the table was changed.
    public func generation() throws(NftError) -> UInt32 { changes }
}
