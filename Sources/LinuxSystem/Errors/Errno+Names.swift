import CLinux

extension Errno {
    /// The caller lacks the privilege.
    public static let EPERM = Errno(rawValue: CLinux.EPERM)
    /// No such file, or no such kernel object (neighbour, rule).
    public static let ENOENT = Errno(rawValue: CLinux.ENOENT)
    /// No such process, or no such route.
    public static let ESRCH = Errno(rawValue: CLinux.ESRCH)
    /// A signal arrived before anything was done.
    public static let EINTR = Errno(rawValue: CLinux.EINTR)
    /// Input or output went wrong.
    public static let EIO = Errno(rawValue: CLinux.EIO)
    /// No such device or address.
    public static let ENXIO = Errno(rawValue: CLinux.ENXIO)
    /// The argument is too long.
    public static let E2BIG = Errno(rawValue: CLinux.E2BIG)
    /// Not a program.
    public static let ENOEXEC = Errno(rawValue: CLinux.ENOEXEC)
    /// The descriptor is not open.
    public static let EBADF = Errno(rawValue: CLinux.EBADF)
    /// Nothing to be had without waiting.
    public static let EAGAIN = Errno(rawValue: CLinux.EAGAIN)
    /// The kernel is out of memory.
    public static let ENOMEM = Errno(rawValue: CLinux.ENOMEM)
    /// Permission denied.
    public static let EACCES = Errno(rawValue: CLinux.EACCES)
    /// A bad address was given to the kernel.
    public static let EFAULT = Errno(rawValue: CLinux.EFAULT)
    /// The object is in use.
    public static let EBUSY = Errno(rawValue: CLinux.EBUSY)
    /// The file or kernel object exists already.
    public static let EEXIST = Errno(rawValue: CLinux.EEXIST)
    /// The two paths are on different file systems.
    public static let EXDEV = Errno(rawValue: CLinux.EXDEV)
    /// No such device: the link does not exist.
    public static let ENODEV = Errno(rawValue: CLinux.ENODEV)
    /// A part of the path is not a directory.
    public static let ENOTDIR = Errno(rawValue: CLinux.ENOTDIR)
    /// The path is a directory.
    public static let EISDIR = Errno(rawValue: CLinux.EISDIR)
    /// The kernel refuses the argument.
    public static let EINVAL = Errno(rawValue: CLinux.EINVAL)
    /// This process has too many open descriptors.
    public static let EMFILE = Errno(rawValue: CLinux.EMFILE)
    /// The machine has too many open files.
    public static let ENFILE = Errno(rawValue: CLinux.ENFILE)
    /// The file is larger than it may be.
    public static let EFBIG = Errno(rawValue: CLinux.EFBIG)
    /// No room is left.
    public static let ENOSPC = Errno(rawValue: CLinux.ENOSPC)
    /// The file system is read-only.
    public static let EROFS = Errno(rawValue: CLinux.EROFS)
    /// The other side has closed.
    public static let EPIPE = Errno(rawValue: CLinux.EPIPE)
    /// The value is out of range.
    public static let ERANGE = Errno(rawValue: CLinux.ERANGE)
    /// The name is too long.
    public static let ENAMETOOLONG = Errno(rawValue: CLinux.ENAMETOOLONG)
    /// The directory is not empty.
    public static let ENOTEMPTY = Errno(rawValue: CLinux.ENOTEMPTY)
    /// Too many symbolic links.
    public static let ELOOP = Errno(rawValue: CLinux.ELOOP)
    /// The message is too long.
    public static let EMSGSIZE = Errno(rawValue: CLinux.EMSGSIZE)
    /// The protocol is not there.
    public static let EPROTONOSUPPORT = Errno(rawValue: CLinux.EPROTONOSUPPORT)
    /// The operation is not supported.
    public static let EOPNOTSUPP = Errno(rawValue: CLinux.EOPNOTSUPP)
    /// The address family is not there, such as IPv6 switched off.
    public static let EAFNOSUPPORT = Errno(rawValue: CLinux.EAFNOSUPPORT)
    /// The address is in use.
    public static let EADDRINUSE = Errno(rawValue: CLinux.EADDRINUSE)
    /// The address is not one of this machine's.
    public static let EADDRNOTAVAIL = Errno(rawValue: CLinux.EADDRNOTAVAIL)
    /// The link is down.
    public static let ENETDOWN = Errno(rawValue: CLinux.ENETDOWN)
    /// The gateway is not reachable from here.
    public static let ENETUNREACH = Errno(rawValue: CLinux.ENETUNREACH)
    /// The connection was broken off.
    public static let ECONNABORTED = Errno(rawValue: CLinux.ECONNABORTED)
    /// The other side reset the connection.
    public static let ECONNRESET = Errno(rawValue: CLinux.ECONNRESET)
    /// A receive buffer overflowed: messages were lost.
    public static let ENOBUFS = Errno(rawValue: CLinux.ENOBUFS)
    /// Not connected; for links, the peer is not there yet.
    public static let ENOTCONN = Errno(rawValue: CLinux.ENOTCONN)
    /// The time was up.
    public static let ETIMEDOUT = Errno(rawValue: CLinux.ETIMEDOUT)
    /// Nobody listens.
    public static let ECONNREFUSED = Errno(rawValue: CLinux.ECONNREFUSED)
    /// No route to the host.
    public static let EHOSTUNREACH = Errno(rawValue: CLinux.EHOSTUNREACH)
    /// The operation was cancelled.
    public static let ECANCELED = Errno(rawValue: CLinux.ECANCELED)
}
