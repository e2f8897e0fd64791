import Glibc

/// Times as log lines and health pages have them.
public enum Timestamp {
    /// Seconds since 1970 in UTC, as `2026-11-21T08:14:04Z` (RFC 3339).
    public static func text(_ seconds: Int64) -> String { date(seconds) + "Z" }

    /// The time now, UTC with milliseconds.
    static func now() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = String(now.tv_nsec / 1_000_000 + 1000).dropFirst()
        return date(Int64(now.tv_sec)) + ".\(milliseconds)Z"
    }

    private static func date(_ seconds: Int64) -> String {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
        return String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
