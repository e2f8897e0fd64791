/// What becomes of a packet (linux/netfilter/nf_tables.h).
public enum NftVerdict: Hashable, Sendable, CustomStringConvertible {
    /// It passes this base chain.
    case accept
    /// It is gone.
    case drop
    /// The chain that jumped here goes on.
    case `return`
    /// Another chain, and then on from here.
    case jump(String)
    /// Another chain, and not back here.
    case goto(String)

    /// As `nft` writes it.
    public var description: String {
        switch self {
        case .accept: "accept"
        case .drop: "drop"
        case .return: "return"
        case .jump(let chain): "jump \(chain)"
        case .goto(let chain): "goto \(chain)"
        }
    }

    /// The chain that it leads to.
    public var chain: String? {
        switch self {
        case .jump(let chain), .goto(let chain): chain
        default: nil
        }
    }
}
