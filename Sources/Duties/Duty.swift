/// Work for the whole cluster that one of its agents does at a time.
public protocol Duty: Sendable {
    /// What it is called, in etcd and on the command line.
    var name: String { get }

    /// Does the work for as long as the guard holds: until the task is cancelled, or something cannot be gone on with.
    ///
    /// It starts from what etcd says, since nothing is known of whoever had it before, and writes through the guard
    /// alone.
    func run(_ elected: ElectionGuard) async

    /// Whether another candidate may well be able to do it where this one cannot, since a port is taken here, for one:
    /// whoever fails a few times in a row then stands behind the others.
    var givesWay: Bool { get }
}

extension Duty {
    /// It is tried again and again by whoever is elected.
    public var givesWay: Bool { false }
}
