import CLinux

/// A stream socket of the unix family: a listener or one end of a connection (`unix(7)`).
///
/// A listener and what it accepts never wait; a connection made by `connect` or `pair` waits.
public struct UnixSocket: ~Copyable, Sendable {
    /// The other side of a connection, as the kernel saw it when the connection was made.
    public struct PeerCredentials: Hashable, Sendable {
        /// The process that connected.
        public let pid: Int32
        /// Its user; 0 is root.
        public let uid: UInt32
        /// Its group.
        public let gid: UInt32

        /// Credentials from their numbers.
        public init(pid: Int32, uid: UInt32, gid: UInt32) {
            self.pid = pid
            self.uid = uid
            self.gid = gid
        }
    }

    /// The socket itself.
    public let descriptor: FileDescriptor

    /// Takes ownership of a connected or listening socket.
    public init(owning descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// For `Epoll.add`.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Listens on a path, replacing a socket that nobody listens on any more.
    ///
    /// Throws EADDRINUSE if somebody does, or if the path is a file of another kind.
    public static func listen(
        _ path: String, mode: UInt32 = 0o600, backlog: Int32 = 1024
    ) throws(SystemError) -> UnixSocket {
        do {
            return UnixSocket(owning: FileDescriptor(owning: try bound(path, mode, backlog)))
        } catch {
            guard error.errno == .EADDRINUSE, isStale(path) else { throw error }
        }
        try FileSystem.unlink(path)
        return UnixSocket(owning: FileDescriptor(owning: try bound(path, mode, backlog)))
    }

    /// Connects to a listener.
    ///
    /// Throws ENOENT if there is no socket, ECONNREFUSED if nobody listens.
    public static func connect(_ path: String) throws(SystemError) -> UnixSocket {
        UnixSocket(
            owning: FileDescriptor(owning: try SystemCall.answer("connect", path) { romana_unix_connect(path) }))
    }

    /// Two ends of one connection, in a box because noncopyable values cannot be in a tuple.
    public struct Pair: ~Copyable {
        /// One end.
        public let first: UnixSocket
        /// The other.
        public let second: UnixSocket

        /// Hands both ends to their owners.
        public consuming func use<Result, Failure: Error>(
            _ body: (consuming UnixSocket, consuming UnixSocket) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try body(first, second)
        }
    }

    /// A connected pair.
    public static func pair() throws(SystemError) -> Pair {
        var ends: (Int32, Int32) = (-1, -1)
        try SystemCall.answer("create socket pair") {
            withUnsafeMutableBytes(of: &ends) { romana_unix_pair($0.assumingMemoryBound(to: Int32.self).baseAddress) }
        }
        return Pair(
            first: UnixSocket(owning: FileDescriptor(owning: ends.0)),
            second: UnixSocket(owning: FileDescriptor(owning: ends.1)))
    }

    /// The next connection, nil if none is waiting.
    ///
    /// One that was given up before it was accepted is passed over.
    public func accept() throws(SystemError) -> UnixSocket? {
        while true {
            do {
                let accepted = try SystemCall.answerUnlessWaiting("accept", "descriptor \(rawValue)") {
                    romana_unix_accept(rawValue)
                }
                guard let accepted else { return nil }
                return UnixSocket(owning: FileDescriptor(owning: accepted))
            } catch {
                if error.errno != .ECONNABORTED { throw error }
            }
        }
    }

    /// Who is at the other end.
    public func peerCredentials() throws(SystemError) -> PeerCredentials {
        try UnixSocket.peerCredentials(rawValue)
    }

    /// Who is at the other end of a connection owned by somebody else.
    public static func peerCredentials(_ fd: Int32) throws(SystemError) -> PeerCredentials {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
        try SystemCall.answer("read peer of", "descriptor \(fd)") { romana_unix_credentials(fd, &pid, &uid, &gid) }
        return PeerCredentials(pid: pid, uid: uid, gid: gid)
    }

    /// Tells the other side that nothing more will be sent.
    public func finishSending() throws(SystemError) {
        try SystemCall.result("shut down", "descriptor \(rawValue)") { shutdown(rawValue, Int32(SHUT_WR)) }
    }

    /// How long a waiting connection waits in one call, in nanoseconds; 0 is for ever.
    ///
    /// Afterwards it answers nil.
    public func setTimeouts(receiveNanoseconds: UInt64, sendNanoseconds: UInt64) throws(SystemError) {
        try SystemCall.answer("set timeouts of", "descriptor \(rawValue)") {
            romana_socket_timeouts(rawValue, receiveNanoseconds, sendNanoseconds)
        }
    }

    private static func bound(_ path: String, _ mode: UInt32, _ backlog: Int32) throws(SystemError) -> Int32 {
        try SystemCall.answer("listen on", path) { romana_unix_listen(path, backlog, mode_t(mode)) }
    }

    private static func isStale(_ path: String) -> Bool {
        do {
            _ = try connect(path)
            return false
        } catch {
            return error.errno == .ECONNREFUSED && isSocket(path)
        }
    }

    private static func isSocket(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & mode_t(S_IFMT) == mode_t(S_IFSOCK)
    }
}
