public import Addresses

/// Which other ends a rule of a chain is about.
public enum PeerMatch: Hashable, Sendable {
    /// All of them.
    case any
    /// The addresses that are in the set of members under this number.
    case members(UInt32)
    /// The addresses of a block, less those of the exceptions.
    case block(IPPrefix, except: [IPPrefix])
    /// The addresses in a set of ranges, by its name.
    case ranges(String, AddressFamily)

    /// The family of its addresses; nil when it can be either.
    public var family: AddressFamily? {
        switch self {
        case .any, .members: nil
        case .block(let prefix, _): prefix.family
        case .ranges(_, let family): family
        }
    }
}
