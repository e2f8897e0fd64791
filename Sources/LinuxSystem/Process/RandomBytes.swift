import CLinux

/// Bytes that nobody can guess (`getrandom(2)`).
public enum RandomBytes {
    /// `count` bytes, at most 256.
    public static func make(_ count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try SystemCall.answer("read random bytes") { romana_random(&bytes, count) }
        return bytes
    }
}
