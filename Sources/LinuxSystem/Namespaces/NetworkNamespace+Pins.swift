import CLinux

extension NetworkNamespace {
    /// Where `ip netns` keeps namespaces.
    public static let directory = "/run/netns"

    /// Makes a namespace and pins it to a path (`ip netns add NAME` for `/run/netns/NAME`).
    ///
    /// The calling thread stays where it is. Throws EEXIST if the path is taken.
    public static func create(_ path: String) throws(SystemError) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try FileSystem.makeDirectory(directory)
        // Copies of the pin in other mount namespaces would keep the namespace alive after its removal here.
        try SystemCall.answer("share mounts of", directory) { romana_namespace_share(directory) }
        _ = try FileDescriptor.open(path, [.readOnly, .create, .exclusive], mode: 0o444)
        do {
            let home = try current()
            try perform(in: home.rawValue) { () throws(SystemError) in
                try unshare()
                try SystemCall.answer("pin network namespace", path) { romana_namespace_pin(path) }
            }
        } catch {
            try FileSystem.unlink(path)
            throw error
        }
    }

    /// Takes the pin away (`ip netns delete NAME`); the namespace goes when its last process and descriptor do.
    ///
    /// False if there was nothing at the path.
    @discardableResult
    public static func delete(_ path: String) throws(SystemError) -> Bool {
        do {
            try SystemCall.answer("unpin network namespace", path) { romana_namespace_unpin(path) }
        } catch {
            // EINVAL: a file without a mount, left by a creation that was cut short.
            if error.errno != .EINVAL && error.errno != .ENOENT { throw error }
        }
        return try FileSystem.unlink(path)
    }
}
