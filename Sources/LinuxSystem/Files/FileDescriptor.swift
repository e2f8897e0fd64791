import CLinux

/// An open descriptor with exactly one owner; it is closed when the owner goes.
///
/// Calls that need it for their duration take `rawValue`. Every descriptor that this module makes is close-on-exec.
@frozen public struct FileDescriptor: ~Copyable, Sendable {
    /// The number the kernel knows it by; valid for as long as this value lives.
    public let rawValue: Int32

    /// Takes ownership of an open descriptor: nobody else may close it.
    public init(owning rawValue: Int32) {
        self.rawValue = rawValue
    }

    deinit {
        // Linux frees the number even when close reports an error, so there is nothing to repeat.
        _ = CLinux.close(rawValue)
    }

    /// Gives up ownership without closing.
    public consuming func release() -> Int32 {
        let rawValue = self.rawValue
        discard self
        return rawValue
    }

    /// A second descriptor of the same open file.
    ///
    /// Throws EMFILE when the process has too many.
    public func duplicate() throws(SystemError) -> FileDescriptor {
        try FileDescriptor.duplicate(rawValue)
    }

    /// Owns a second descriptor of an open file that belongs to somebody else.
    public static func duplicate(_ rawValue: Int32) throws(SystemError) -> FileDescriptor {
        let copy = try SystemCall.answer("duplicate descriptor", "\(rawValue)") { romana_duplicate(rawValue) }
        return FileDescriptor(owning: copy)
    }
}
