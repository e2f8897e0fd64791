/// An element of a set or map.
public struct NftElement: Hashable, Sendable {
    /// What a map holds for the element.
    public enum Content: Hashable, Sendable {
        /// Nothing, in a set.
        case nothing
        /// A verdict.
        case verdict(NftVerdict)
        /// Values.
        case values([NftValue])
    }

    /// The key, or where a range begins.
    public var key: [NftValue]
    /// Whether it marks the end of a range: the first key behind it.
    public var endsRange: Bool
    /// What a map holds for it.
    public var content: Content

    /// An element.
    public init(_ key: [NftValue], _ content: Content = .nothing, endsRange: Bool = false) {
        self.key = key
        self.content = content
        self.endsRange = endsRange
    }

    /// As `nft` would write it.
    var text: String {
        switch content {
        case .nothing: key.text + (endsRange ? " (end)" : "")
        case .verdict(let verdict): "\(key.text) : \(verdict)"
        case .values(let values): "\(key.text) : \(values.text)"
        }
    }
}
