import Glibc

/// How many files and connections the process may have open.
enum Descriptors {
    /// The most connections that are served at once.
    static let most = 16384
    /// What is left for everything else: etcd, files, listening.
    private static let reserve = 64

    /// Raises the limit as far as the system lets it, and tells how many connections there is room for.
    static func connections() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 - reserve }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(most + reserve)))
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 - reserve }
        return max(Int(min(limit.rlim_cur, rlim_t(most + reserve))) - reserve, reserve)
    }
}
