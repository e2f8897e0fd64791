/// Everything that comes in on a link goes through another one first, whose queue can hold it to a rate.
///
/// The link needs an ingress discipline; the other one is an ``IFBLink``, which hands everything back.
public struct IngressRedirection: Hashable, Sendable {
    /// The number of the link that packets come in on.
    public var interface: UInt32
    /// The number of the link that they go through.
    public var target: UInt32

    /// A redirection from one link through another.
    public init(interface: UInt32, target: UInt32) {
        self.interface = interface
        self.target = target
    }
}

extension IngressRedirection: CustomStringConvertible {
    /// As `tc filter add` takes it.
    public var description: String {
        "dev if\(interface) parent ffff: protocol all prio 1 u32 match u32 0 0 "
            + "action mirred egress redirect dev if\(target)"
    }
}
