/// How a driver goes about its work; the times are those of kubelet 1.36 with containerd.
public struct KubeletManners: Sendable {
    /// After how long a sandbox is made anew when an ADD has failed.
    public var retry = Duration.seconds(12)
    /// After how long a sandbox that has gone gets two more DELs, without its network namespace.
    public var lateDeletes = Duration.seconds(60)
    /// How long containers may take to end at most, whatever their pods allow.
    public var grace = Duration.seconds(10)
    /// How often the node's status is written.
    public var heartbeat = Duration.seconds(10)
    /// Whether plugins that appear get a DEL for a sandbox of which they know nothing, as after a change of plugins.
    public var straysDelete = true

    /// The usual manners.
    public init() {}

    /// The same with times that a test can wait for.
    public static var hasty: KubeletManners {
        var manners = KubeletManners()
        manners.retry = .seconds(1)
        manners.lateDeletes = .seconds(2)
        manners.grace = .seconds(1)
        return manners
    }
}
