import CLinux

/// How a file is opened (`open(2)`); close-on-exec is always added.
public struct OpenFlags: OptionSet, Sendable {
    /// The kernel's bits.
    public let rawValue: Int32

    /// Flags from the kernel's bits.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// For reading only.
    public static let readOnly = OpenFlags(rawValue: O_RDONLY)
    /// For writing only.
    public static let writeOnly = OpenFlags(rawValue: O_WRONLY)
    /// For both.
    public static let readWrite = OpenFlags(rawValue: O_RDWR)
    /// Made if it does not exist.
    public static let create = OpenFlags(rawValue: O_CREAT)
    /// With `create`: EEXIST if it exists.
    public static let exclusive = OpenFlags(rawValue: O_EXCL)
    /// Emptied first.
    public static let truncate = OpenFlags(rawValue: O_TRUNC)
    /// Every write goes to the end.
    public static let append = OpenFlags(rawValue: O_APPEND)
    /// ENOTDIR unless it is a directory.
    public static let directory = OpenFlags(rawValue: O_DIRECTORY)
    /// Reading and writing never wait.
    public static let nonBlocking = OpenFlags(rawValue: O_NONBLOCK)
    /// ELOOP if the last part of the path is a symbolic link.
    public static let noFollow = OpenFlags(rawValue: O_NOFOLLOW)
}
