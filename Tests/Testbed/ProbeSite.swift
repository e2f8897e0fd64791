import LinuxSystem

/// A place that probes go out from and arrive at: a network namespace, held open.
final class ProbeSite {
    let name: String
    private let namespace: FileDescriptor

    init(_ name: String, _ path: String) throws(SystemError) {
        self.name = name
        namespace = try NetworkNamespace.open(path)
    }

    /// Runs `body` in the site's namespace; the sockets that it makes stay there.
    func perform<Value>(
        from home: borrowing FileDescriptor, _ body: () throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        try NetworkNamespace.perform(in: namespace.rawValue, home: home.rawValue, body)
    }
}
