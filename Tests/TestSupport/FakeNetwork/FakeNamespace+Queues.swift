import LinuxSystem
import Netlink

extension FakeNamespace {
    /// A link has one discipline for what it sends and one for what comes in.
    mutating func add(_ queue: QueueDiscipline) throws(Errno) {
        switch queue.kind {
        case .tokenBucket(let bucket):
            guard bucket.rate > 0, bucket.burst > 0, bucket.limit > 0 else { throw .EINVAL }
            _ = try link(queue.interface)
            guard !queues.contains(where: { $0.interface == queue.interface && $0.kind != .ingress }) else {
                throw .EEXIST
            }
        case .ingress:
            _ = try link(queue.interface)
            guard !hasIngress(queue.interface) else { throw .EEXIST }
        case .other: throw .EOPNOTSUPP
        }
        queues.append(queue)
    }

    mutating func add(_ redirection: IngressRedirection) throws(Errno) {
        _ = try link(redirection.interface)
        guard hasIngress(redirection.interface) else { throw .EINVAL }
        guard links[redirection.target] != nil else { throw .ENODEV }
        redirections.append(redirection)
    }

    private func hasIngress(_ interface: UInt32) -> Bool {
        queues.contains { $0.interface == interface && $0.kind == .ingress }
    }

    /// What goes with a link that is removed.
    mutating func forgetQueues(_ index: UInt32) {
        queues.removeAll { $0.interface == index }
        redirections.removeAll { $0.interface == index || $0.target == index }
    }
}

extension FakeMachine {
    mutating func addIFB(_ ifb: IFBLink, in identity: NetworkNamespace.Identity) throws(Errno) -> UInt32 {
        guard var namespace = namespaces[identity] else { throw .ENODEV }
        guard Self.isName(ifb.name) else { throw .EINVAL }
        guard namespace.index(of: ifb.name) == nil else { throw .EEXIST }
        let index = namespace.nextIndex
        namespace.nextIndex += 1
        namespace.links[index] = Link(
            index: index, name: ifb.name, kind: "ifb", mtu: ifb.mtu ?? 1500, group: ifb.group,
            addressGeneration: .eui64)
        namespaces[identity] = namespace
        return index
    }
}
