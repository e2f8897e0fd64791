/// Kernel settings under `/proc/sys`.
///
/// Settings below `net` are those of the calling thread's network namespace; see `NetworkNamespace.perform`.
public enum Sysctl {
    static let folder = "/proc/sys"
    private static let writableFolder = ProcessEnvironment.value("ROMANA_PROC_SYS") ?? folder

    /// The value without the line's end, such as `1` (`sysctl -n net.ipv4.ip_forward`).
    public static func read(_ key: String) throws(SystemError) -> String {
        let bytes = try FileSystem.readFile(path(of: key), limit: 64 << 10)
        return String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }

    /// Sets the value (`sysctl -w net.ipv4.ip_forward=1`).
    ///
    /// A container that is not privileged has `/proc/sys` for reading only; the variable `ROMANA_PROC_SYS` names another
    /// place where the same settings can be written.
    public static func write(_ key: String, _ value: String) throws(SystemError) {
        let path = path(of: key, below: writableFolder)
        let file = try FileDescriptor.open(path, .writeOnly)
        do {
            // One write: the kernel takes each as a whole value.
            try file.writeAll(Array(value.utf8))
        } catch {
            throw SystemError(operation: "write \(value) to", subject: path, errno: error.errno)
        }
    }

    /// The file of a key; one with slashes (`net/ipv4/conf/eth0.10/rp_filter`) is taken as it is, so that names of
    /// interfaces may contain dots.
    static func path(of key: String, below folder: String = folder) -> String {
        "\(folder)/" + (key.contains("/") ? key : String(key.map { $0 == "." ? "/" : $0 }))
    }
}
