import CLinux

/// The time, as plain integers.
public enum Clock {
    /// Nanoseconds since some fixed moment; never goes back, stands still while the machine sleeps.
    public static func monotonicNanoseconds() -> UInt64 {
        UInt64(nanoseconds(of: CLOCK_MONOTONIC))
    }

    /// Nanoseconds since 1970 UTC; may jump.
    public static func wallNanoseconds() -> Int64 {
        nanoseconds(of: CLOCK_REALTIME)
    }

    /// Seconds since 1970 UTC; may jump.
    public static func wallSeconds() -> Int64 {
        wallNanoseconds() / 1_000_000_000
    }

    private static func nanoseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
