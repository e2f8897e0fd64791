/// How patient a ``KubernetesClient`` is; the defaults suit a cluster.
public struct KubernetesTiming: Hashable, Sendable {
    /// The longest that a call takes, a page of a list included.
    public var call: Duration = .seconds(30)
    /// The longest that the API server takes to begin a watch.
    public var beginning: Duration = .seconds(15)
    /// How long a watch may be silent; the API server sends a bookmark each minute.
    public var silence: Duration = .seconds(150)
    /// How many seconds a watch lasts before it is asked for anew, chosen at random.
    public var span: ClosedRange<Int> = 300...600
    /// The pause after the first failure of a watch; each doubles the next.
    public var firstPause: Duration = .milliseconds(100)
    /// The longest pause.
    public var longestPause: Duration = .seconds(5)
    /// The most bytes of an answer; where a page of a list is longer, pages are halved.
    public var largestAnswer = 64 << 20
    /// How many objects a page of a list has.
    public var page = 500

    /// The defaults.
    public init() {}
}
