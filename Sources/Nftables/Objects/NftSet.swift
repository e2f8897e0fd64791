/// A named set or map: what `nft add set` and `nft add map` make.
public struct NftSet: Hashable, Sendable {
    /// What a map holds for a key.
    public enum Mapping: Hashable, Sendable {
        /// Nothing: it is a set.
        case nothing
        /// A verdict.
        case verdict
        /// Values.
        case fields([NftField])
    }

    /// Its name, unique in the table.
    public var name: String
    /// What its keys are made of; several fields are a concatenation.
    public var key: [NftField]
    /// What it holds for a key.
    public var mapping: Mapping
    /// Whether its elements are ranges (`flags interval`).
    public var isInterval: Bool

    /// A set, or a map.
    public init(_ name: String, key: [NftField], mapping: Mapping = .nothing, isInterval: Bool = false) {
        self.name = name
        self.key = key
        self.mapping = mapping
        self.isInterval = isInterval
    }

    /// As `nft` would write it.
    var text: String {
        let flags = isInterval ? " flags interval;" : ""
        return switch mapping {
        case .nothing: "set \(name) { type \(key.text);\(flags) }"
        case .verdict: "map \(name) { type \(key.text) : verdict;\(flags) }"
        case .fields(let fields): "map \(name) { type \(key.text) : \(fields.text);\(flags) }"
        }
    }
}
