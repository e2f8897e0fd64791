/// One step of a transaction on the tables of family inet.
public enum NftOperation: Hashable, Sendable, CustomStringConvertible {
    /// `nft add table inet NAME`; no error if it is there.
    case addTable
    /// `nft delete table inet NAME`; an error if it is not there.
    case deleteTable
    /// `nft add chain inet TABLE NAME`; no error if it is there.
    case addChain(NftChain)
    /// `nft flush chain inet TABLE NAME`.
    case flushChain(String)
    /// `nft delete chain inet TABLE NAME`; with its rules, if nothing leads to it.
    case deleteChain(String)
    /// `nft add rule inet TABLE CHAIN ...`: behind the rules that are there.
    case addRule(chain: String, NftRule)
    /// `nft add set inet TABLE ...`; no error if one like it is there.
    case addSet(NftSet)
    /// `nft delete set inet TABLE NAME`.
    case deleteSet(String)
    /// `nft flush set inet TABLE NAME`.
    case flushSet(String)
    /// `nft add element inet TABLE SET { ... }`; no error for those that are there with the same content.
    case addElements(NftSet, [NftElement])
    /// `nft delete element inet TABLE SET { ... }`; an error if one is not there.
    case deleteElements(NftSet, [NftElement])

    /// As an `nft` command, less the table.
    public var description: String {
        switch self {
        case .addTable: "add table"
        case .deleteTable: "delete table"
        case .addChain(let chain): "add \(chain.text)"
        case .flushChain(let name): "flush chain \(name)"
        case .deleteChain(let name): "delete chain \(name)"
        case .addRule(let chain, let rule): "add rule \(chain) \(rule)"
        case .addSet(let set): "add \(set.text)"
        case .deleteSet(let name): "delete set \(name)"
        case .flushSet(let name): "flush set \(name)"
        case .addElements(let set, let elements): "add element \(set.name) { \(Self.list(elements)) }"
        case .deleteElements(let set, let elements): "delete element \(set.name) { \(Self.list(elements)) }"
        }
    }

    private static func list(_ elements: [NftElement]) -> String {
        let shown = elements.prefix(3).map(\.text).joined(separator: ", ")
        return elements.count > 3 ? "\(shown), and \(elements.count - 3) more" : shown
    }
}
