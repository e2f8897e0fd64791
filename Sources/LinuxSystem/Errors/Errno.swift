import CLinux

/// An error number of the kernel.
///
/// Constants carry the C names, which are also what error messages print (`Errno+Names.swift`).
public struct Errno: Error, Hashable, Sendable, RawRepresentable {
    /// The positive number, as in `errno(3)`.
    public let rawValue: Int32

    /// An error number; any value is accepted.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The symbolic name, such as `ENETUNREACH`; `errno 999` for a number the C library does not know.
    public var name: String {
        guard let name = romana_errno_name(rawValue) else { return "errno \(rawValue)" }
        return String(cString: name)
    }

    /// The C library's description in lower case, such as `network is unreachable`.
    public var message: String {
        guard let text = romana_errno_message(rawValue) else { return "unknown error" }
        let message = String(cString: text)
        // "RFS specific error" keeps its capitals.
        guard let second = message.dropFirst().first, !second.isUppercase else { return message }
        return message.prefix(1).lowercased() + message.dropFirst()
    }
}

extension Errno: CustomStringConvertible {
    /// Message and name, such as `network is unreachable (ENETUNREACH)`.
    public var description: String { "\(message) (\(name))" }
}
