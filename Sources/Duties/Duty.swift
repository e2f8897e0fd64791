/// Work for the whole cluster that one of its agents does at a time.
public protocol Duty: Sendable {
    /// What it is called, in etcd and on the command line.
    var name: String { get }

    /// Does the work for as long as the guard holds: until the task is cancelled, or something cannot be gone on with.
    ///
    /// It starts from what etcd says, since nothing is known of whoever had it before, and writes through the guard
    /// alone.
    func run(_ elected: ElectionGuard) async
}
