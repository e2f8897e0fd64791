// The agent's alone: the plugin passes it on, and is mapped the faster the smaller it is.
#if !hasFeature(Embedded)
/// How much a pod may take in and send (CNI conventions, capability `bandwidth`).
public struct BandwidthLimits: Hashable, Sendable {
    /// A rate and what may exceed it for a moment.
    public struct Limit: Hashable, Sendable {
        /// Bits a second, from 8.
        public var rate: UInt64
        /// Bits that may pass at once after a pause, from 1.
        public var burst: UInt64

        /// A limit of the given properties.
        public init(rate: UInt64, burst: UInt64) {
            self.rate = rate
            self.burst = burst
        }
    }

    /// What goes to the pod; nil for no limit.
    public var ingress: Limit?
    /// What the pod sends; nil for no limit.
    public var egress: Limit?

    /// Limits of the two directions.
    public init(ingress: Limit? = nil, egress: Limit? = nil) {
        self.ingress = ingress
        self.egress = egress
    }
}
#endif
