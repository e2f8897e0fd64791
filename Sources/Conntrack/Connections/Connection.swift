public import Addresses

/// An entry of the kernel's table of connections (`conntrack -L`).
///
/// The two directions are not mirror images where addresses are translated: a connection to a Service has the Service
/// as the destination of its original direction, and the pod that serves it as the source of its replies.
public struct Connection: Hashable, Sendable {
    /// Packets of who opened it, as they were sent.
    public var original: ConnectionTuple
    /// Packets of who answers, as they are sent.
    public var reply: ConnectionTuple
    /// The zone of both directions (`ct zone`); 0 for none.
    public var zone: UInt16
    /// The kernel's number for the entry, which a later connection of the same two directions does not have.
    public var id: UInt32

    /// An entry with the given properties.
    public init(original: ConnectionTuple, reply: ConnectionTuple, zone: UInt16 = 0, id: UInt32 = 0) {
        self.original = original
        self.reply = reply
        self.zone = zone
        self.id = id
    }

    /// Who opened it.
    public var initiator: IPAddress { original.source }

    /// Who really answers: the destination after translation.
    public var destination: IPAddress { reply.source }

    /// What it speaks.
    public var transport: ConnectionProtocol { original.transport }

    /// The port that it was opened from; nil for protocols without.
    public var initiatorPort: UInt16? { original.sourcePort }

    /// The port that really answers, after translation; nil for protocols without.
    public var destinationPort: UInt16? { reply.sourcePort }
}

extension Connection: CustomStringConvertible {
    /// Its original direction, and who really answers if that is somebody else.
    public var description: String {
        guard original.destination != reply.source || original.destinationPort != reply.sourcePort else {
            return "\(original)"
        }
        let port = reply.sourcePort.map { " port \($0)" } ?? ""
        return "\(original) (answered by \(reply.source)\(port))"
    }
}
