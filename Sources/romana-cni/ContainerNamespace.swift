import CNIProtocol
import LinuxSystem

/// The network namespace that `CNI_NETNS` names, held open so that it cannot vanish or change under the agent.
///
/// ADD and CHECK need it: a path that cannot be opened is an invalid variable (code 4), one that leads elsewhere than
/// to a network namespace, or to the plugin's own, is code 8. Code 3 would tell the runtime that no DEL is needed,
/// while the address may still be held. DEL goes on without it: the sandbox is often gone, and the path with it, or
/// it has become a plain file since the mount is gone.
struct ContainerNamespace: ~Copyable {
    private let descriptor: FileDescriptor?

    /// What is to be passed to the agent: one descriptor or none.
    var descriptors: [Int32] {
        switch descriptor {
        case .some(let descriptor): [descriptor.rawValue]
        case .none: []
        }
    }

    init(of environment: CNIEnvironment) throws(CNIError) {
        guard let path = environment.netns else {
            descriptor = nil
            return
        }
        switch environment.command {
        case .add, .check:
            descriptor = try Self.open(path, allowsOwn: environment.allowsOwnNamespace)
        case .del:
            descriptor = try? Self.open(path, allowsOwn: environment.allowsOwnNamespace)
        case .gc, .status, .version:
            descriptor = nil
        }
    }

    private static func open(_ path: String, allowsOwn: Bool) throws(CNIError) -> FileDescriptor {
        let opened: FileDescriptor
        do throws(SystemError) {
            // Without waiting: the path may be a pipe that nobody writes to.
            opened = try FileDescriptor.open(path, [.readOnly, .nonBlocking])
        } catch {
            throw CNIError(.invalidEnvironment, "CNI_NETNS: \(error)")
        }
        guard NetworkNamespace.isNamespace(opened.rawValue) else {
            throw CNIError(.invalidNetns, "CNI_NETNS \(path) is not a network namespace")
        }
        if !allowsOwn, try isOwn(opened.rawValue) {
            throw CNIError(.invalidNetns, "CNI_NETNS \(path) is the plugin's own network namespace")
        }
        return opened
    }

    private static func isOwn(_ fd: Int32) throws(CNIError) -> Bool {
        do throws(SystemError) {
            return try NetworkNamespace.identity(fd) == NetworkNamespace.currentIdentity()
        } catch {
            throw CNIError(.io, "\(error)")
        }
    }
}
