import CLinux

/// Standard error without buffering; the C library's stream is shared mutable state.
public enum StandardError {
    /// Writes one line; what cannot be written is lost.
    public static func print(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                CLinux.write(2, buffer.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count > 0 { written += count } else if romana_errno() != EINTR { return }
        }
    }
}
