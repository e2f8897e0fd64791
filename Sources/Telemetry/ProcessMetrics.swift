import Glibc

/// What every component tells of its own process, under the names that Prometheus' clients use.
public struct ProcessMetrics: Sendable {
    /// Bytes of memory that are in use now.
    public var residentBytes: UInt64?
    /// Seconds of processor time that were used.
    public var cpuSeconds: Double?
    /// Open descriptors.
    public var openDescriptors: Int?
    /// When the process started, in seconds since 1970.
    public var startTime: Double?

    /// The calling process as it is now; what cannot be read is left out.
    public init() {
        // proc_pid_stat(5): fields are counted behind the name in parentheses, which may have blanks; the third is first.
        let fields = Self.read("/proc/self/stat").split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        if fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let started = Double(fields[19]), let pages = UInt64(fields[21])
        {
            cpuSeconds = (user + system) / ticks
            residentBytes = pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
            let boot = Self.read("/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
            startTime = boot.flatMap { Double($0.dropFirst(6)) }.map { $0 + started / ticks }
        }
        if let directory = opendir("/proc/self/fd") {
            defer { closedir(directory) }
            var count = 0
            while readdir(directory) != nil { count += 1 }
            // Without `.`, `..` and the directory's own.
            openDescriptors = max(0, count - 3)
        }
    }

    /// Adds them to a page.
    public func add(to page: inout PrometheusText) {
        func sample(_ name: String, _ type: String, _ help: String, _ value: String?) {
            page.family(name, type, help)
            if let value { page.sample(name, [], value) }
        }
        sample(
            "process_resident_memory_bytes", "gauge", "Memory in use.", residentBytes.map { "\($0)" })
        sample(
            "process_cpu_seconds_total", "counter", "Processor time used.", cpuSeconds.map { "\($0)" })
        sample("process_open_fds", "gauge", "Open descriptors.", openDescriptors.map { "\($0)" })
        sample(
            "process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.",
            startTime.map { "\($0)" })
    }

    private static func read(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
