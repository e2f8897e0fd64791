import Duties

/// What an agent does for the whole cluster when it is elected to.
public struct DutySettings: Hashable, Sendable, CustomStringConvertible {
    /// Whether it is a candidate for listener.
    public var isListener = false
    /// Whether it is a candidate for serving the daemon's API.
    public var isDaemon = false
    /// Whether it is a candidate for turning source/destination checks of AWS off.
    public var isSourceDestCheck = false
    /// Whether it is a candidate for keeping routes in a VPC.
    public var isVPCRouter = false
    /// Whether namespaces with the old annotation are isolated.
    public var honoursNamespaceIsolation = false
    /// How long a host is kept whose node is gone from the API and whose agent is not alive; nil for good.
    public var hostGrace: Duration? = .seconds(60)

    /// Whether it is a candidate for a duty that asks AWS.
    var isInCloud: Bool { isSourceDestCheck || isVPCRouter }

    /// The duties' names.
    var names: [String] {
        [
            (isListener, Listener.dutyName), (isDaemon, DaemonDuty.dutyName),
            (isSourceDestCheck, SourceDestCheckDuty.dutyName), (isVPCRouter, VPCRouter.dutyName),
        ]
        .filter(\.0).map(\.1)
    }

    /// The duties' names, by comma.
    public var description: String { names.isEmpty ? "none" : names.joined(separator: ",") }
}
