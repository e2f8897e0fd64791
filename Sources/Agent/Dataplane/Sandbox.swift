import LinuxSystem

/// A pod's network namespace, held open by the descriptor that romana-cni passed.
final class Sandbox {
    private let descriptor: FileDescriptor
    /// Device and inode (nsfs): two descriptors with the same identity are the same namespace.
    let identity: String

    init(_ descriptor: consuming FileDescriptor) throws(SystemError) {
        let identity = try NetworkNamespace.identity(descriptor.rawValue)
        self.identity = "\(identity.device):\(identity.inode)"
        self.descriptor = descriptor
    }

    /// `ip netns exec NS sysctl -w net.ipv6.conf.eth0.disable_ipv6=0`: some runtimes switch IPv6 off in what they make.
    func enableIPv6(on interface: String) throws(SystemError) {
        try NetworkNamespace.perform(in: rawValue) { () throws(SystemError) in
            try Sysctl.write("net/ipv6/conf/\(interface)/disable_ipv6", "0")
        }
    }

    /// The descriptor; valid as long as this object lives.
    var rawValue: Int32 { descriptor.rawValue }
}
