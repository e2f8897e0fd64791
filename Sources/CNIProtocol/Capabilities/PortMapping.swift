// The agent's alone: the plugin passes it on, and is mapped the faster the smaller it is.
#if !hasFeature(Embedded)
public import Addresses

/// A port of the node that leads to a port of a pod (CNI conventions, capability `portMappings`).
public struct PortMapping: Hashable, Sendable {
    /// What both ports speak.
    public enum Transport: String, Hashable, Sendable, CaseIterable {
        /// TCP, also when nothing was said.
        case tcp
        /// UDP.
        case udp
        /// SCTP.
        case sctp
    }

    /// The port of the node, from 1.
    public var hostPort: UInt16
    /// The port of the pod, from 1.
    public var containerPort: UInt16
    /// What both speak.
    public var transport: Transport
    /// The address of the node that it is for, as it was asked for; nil for every one of both families.
    public var hostIP: IPAddress?

    /// A mapping with the given properties.
    public init(hostPort: UInt16, containerPort: UInt16, transport: Transport = .tcp, hostIP: IPAddress? = nil) {
        self.hostPort = hostPort
        self.containerPort = containerPort
        self.transport = transport
        self.hostIP = hostIP
    }

    /// The one address of the node that it is for; nil for every one of ``families``, as `0.0.0.0` and `::` say it.
    public var hostAddress: IPAddress? {
        guard let hostIP, hostIP.value != 0 else { return nil }
        return hostIP
    }

    /// The families that it is for.
    public var families: [AddressFamily] {
        guard let hostIP else { return [.ipv4, .ipv6] }
        return [hostIP.family]
    }
}

extension PortMapping: CustomStringConvertible {
    /// Such as `tcp 8080 -> 80`, or `udp 192.0.2.1:53 -> 5353`.
    public var description: String {
        guard let hostIP else { return "\(transport.rawValue) \(hostPort) -> \(containerPort)" }
        let host = hostIP.family == .ipv4 ? "\(hostIP)" : "[\(hostIP)]"
        return "\(transport.rawValue) \(host):\(hostPort) -> \(containerPort)"
    }
}
#endif
