public import Addresses

/// One thing that is asked of a host again and again.
public struct ProbeSubject: Hashable, Sendable {
    /// How it is asked.
    public enum Check: Hashable, Sendable {
        /// By ICMP echo.
        case echo
        /// By a connection to a port.
        case tcp(UInt16)

        /// How it is called in reports.
        public var text: String {
            switch self {
            case .echo: "pings"
            case .tcp(let port): "connections to port \(port)"
            }
        }
    }

    /// The host's name.
    public var host: String
    /// The address that is asked.
    public var address: IPAddress
    /// How.
    public var check: Check

    /// A subject.
    public init(_ host: String, _ address: IPAddress, _ check: Check = .echo) {
        self.host = host
        self.address = address
        self.check = check
    }

    /// The family that it speaks for.
    public var family: AddressFamily { address.family }
}
