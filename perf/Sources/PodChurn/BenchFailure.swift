import CFloor
import Glibc

/// Why a run ended early: a sentence for the one who reads the terminal.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// What the kernel refused.
    init(_ operation: String, errno code: Int32) {
        self.init("\(operation): \(String(cString: strerror(code)))")
    }

    /// Throws when a call of the C layer gave an errno.
    static func check(_ operation: @autoclosure () -> String, _ code: Int32) throws(BenchFailure) {
        if code != 0 { throw BenchFailure(operation(), errno: code) }
    }
}
