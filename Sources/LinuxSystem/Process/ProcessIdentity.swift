import CLinux

/// This process, as the kernel knows it.
public enum ProcessIdentity {
    /// The user that the process acts as (`geteuid(2)`).
    public static var user: UInt32 { geteuid() }

    /// The node's name for itself (`gethostname(2)`), empty if it has none.
    public static var hostName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "" }
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The path of the program that this process runs.
    public static func executable() throws(SystemError) -> String {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = try SystemCall.result("read link", "/proc/self/exe") {
            readlink("/proc/self/exe", &bytes, bytes.count)
        }
        return String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Ends the process at once with an exit status, all threads included.
    public static func exit(_ status: Int32) -> Never {
        CLinux.exit(status)
    }

    /// Ends the process as the kernel's OOM killer would; for tests of what a crash leaves behind.
    public static func killSelf() -> Never {
        kill(getpid(), SIGKILL)
        while true { pause() }
    }
}
