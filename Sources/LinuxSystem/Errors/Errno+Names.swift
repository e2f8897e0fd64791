import Glibc

extension Errno {
    /// The caller lacks the privilege.
    public static let EPERM = Errno(rawValue: Glibc.EPERM)
    /// No such file, or no such kernel object (neighbour, rule).
    public static let ENOENT = Errno(rawValue: Glibc.ENOENT)
    /// No such process, or no such route.
    public static let ESRCH = Errno(rawValue: Glibc.ESRCH)
    /// A signal arrived before anything was done.
    public static let EINTR = Errno(rawValue: Glibc.EINTR)
    /// Input or output went wrong.
    public static let EIO = Errno(rawValue: Glibc.EIO)
    /// No such device or address.
    public static let ENXIO = Errno(rawValue: Glibc.ENXIO)
    /// The argument is too long.
    public static let E2BIG = Errno(rawValue: Glibc.E2BIG)
    /// The descriptor is not open.
    public static let EBADF = Errno(rawValue: Glibc.EBADF)
    /// Nothing to be had without waiting.
    public static let EAGAIN = Errno(rawValue: Glibc.EAGAIN)
    /// The kernel is out of memory.
    public static let ENOMEM = Errno(rawValue: Glibc.ENOMEM)
    /// Permission denied.
    public static let EACCES = Errno(rawValue: Glibc.EACCES)
    /// A bad address was given to the kernel.
    public static let EFAULT = Errno(rawValue: Glibc.EFAULT)
    /// The object is in use.
    public static let EBUSY = Errno(rawValue: Glibc.EBUSY)
    /// The file or kernel object exists already.
    public static let EEXIST = Errno(rawValue: Glibc.EEXIST)
    /// The two paths are on different file systems.
    public static let EXDEV = Errno(rawValue: Glibc.EXDEV)
    /// No such device: the link does not exist.
    public static let ENODEV = Errno(rawValue: Glibc.ENODEV)
    /// A part of the path is not a directory.
    public static let ENOTDIR = Errno(rawValue: Glibc.ENOTDIR)
    /// The path is a directory.
    public static let EISDIR = Errno(rawValue: Glibc.EISDIR)
    /// The kernel refuses the argument.
    public static let EINVAL = Errno(rawValue: Glibc.EINVAL)
    /// This process has too many open descriptors.
    public static let EMFILE = Errno(rawValue: Glibc.EMFILE)
    /// The machine has too many open files.
    public static let ENFILE = Errno(rawValue: Glibc.ENFILE)
    /// The file is larger than it may be.
    public static let EFBIG = Errno(rawValue: Glibc.EFBIG)
    /// No room is left.
    public static let ENOSPC = Errno(rawValue: Glibc.ENOSPC)
    /// The file system is read-only.
    public static let EROFS = Errno(rawValue: Glibc.EROFS)
    /// The other side has closed.
    public static let EPIPE = Errno(rawValue: Glibc.EPIPE)
    /// The value is out of range.
    public static let ERANGE = Errno(rawValue: Glibc.ERANGE)
    /// The name is too long.
    public static let ENAMETOOLONG = Errno(rawValue: Glibc.ENAMETOOLONG)
    /// The directory is not empty.
    public static let ENOTEMPTY = Errno(rawValue: Glibc.ENOTEMPTY)
    /// Too many symbolic links.
    public static let ELOOP = Errno(rawValue: Glibc.ELOOP)
    /// The message is too long.
    public static let EMSGSIZE = Errno(rawValue: Glibc.EMSGSIZE)
    /// The protocol is not there.
    public static let EPROTONOSUPPORT = Errno(rawValue: Glibc.EPROTONOSUPPORT)
    /// The operation is not supported.
    public static let EOPNOTSUPP = Errno(rawValue: Glibc.EOPNOTSUPP)
    /// The address family is not there, such as IPv6 switched off.
    public static let EAFNOSUPPORT = Errno(rawValue: Glibc.EAFNOSUPPORT)
    /// The address is in use.
    public static let EADDRINUSE = Errno(rawValue: Glibc.EADDRINUSE)
    /// The address is not one of this machine's.
    public static let EADDRNOTAVAIL = Errno(rawValue: Glibc.EADDRNOTAVAIL)
    /// The link is down.
    public static let ENETDOWN = Errno(rawValue: Glibc.ENETDOWN)
    /// The gateway is not reachable from here.
    public static let ENETUNREACH = Errno(rawValue: Glibc.ENETUNREACH)
    /// The connection was broken off.
    public static let ECONNABORTED = Errno(rawValue: Glibc.ECONNABORTED)
    /// The other side reset the connection.
    public static let ECONNRESET = Errno(rawValue: Glibc.ECONNRESET)
    /// A receive buffer overflowed: messages were lost.
    public static let ENOBUFS = Errno(rawValue: Glibc.ENOBUFS)
    /// Not connected; for links, the peer is not there yet.
    public static let ENOTCONN = Errno(rawValue: Glibc.ENOTCONN)
    /// The time was up.
    public static let ETIMEDOUT = Errno(rawValue: Glibc.ETIMEDOUT)
    /// Nobody listens.
    public static let ECONNREFUSED = Errno(rawValue: Glibc.ECONNREFUSED)
    /// No route to the host.
    public static let EHOSTUNREACH = Errno(rawValue: Glibc.EHOSTUNREACH)
    /// The operation was cancelled.
    public static let ECANCELED = Errno(rawValue: Glibc.ECANCELED)
}
