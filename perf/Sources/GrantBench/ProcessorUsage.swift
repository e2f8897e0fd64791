import FoundationEssentials
import Glibc

/// Processor time that was spent so far, in seconds.
struct ProcessorUsage {
    var daemons = 0.0
    var etcd = 0.0
    var load = 0.0

    /// What was spent by these processes and by this one.
    static func now(daemons: [Int32], etcd: [Int32]) -> ProcessorUsage {
        ProcessorUsage(
            daemons: daemons.reduce(0) { $0 + time(of: $1) }, etcd: etcd.reduce(0) { $0 + time(of: $1) },
            load: time(of: getpid()))
    }

    /// What was spent since an earlier moment.
    func since(_ earlier: ProcessorUsage) -> ProcessorUsage {
        ProcessorUsage(
            daemons: daemons - earlier.daemons, etcd: etcd - earlier.etcd, load: load - earlier.load)
    }

    /// Fields 14 and 15 of /proc/PID/stat (proc(5)), which come after the name in parentheses.
    private static func time(of pid: Int32) -> Double {
        guard let data = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/stat")) else { return 0 }
        let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
