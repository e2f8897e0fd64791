import Glibc
import LinuxSystem
import Testing

@Suite struct UnixSocketTests {
    @Test func connectsAcceptsAndKnowsThePeer() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/agent.sock"
        let listener = try UnixSocket.listen(path)
        #expect(try accepted(listener) == nil)
        let client = try UnixSocket.connect(path)
        let peer = try accepted(listener)
        #expect(peer == UnixSocket.PeerCredentials(pid: getpid(), uid: getuid(), gid: getgid()))
        _ = client
    }

    @Test func socketFileIsForItsOwnerOnly() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/agent.sock"
        _ = try UnixSocket.listen(path)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func replacesAStaleSocketButNotALiveOne() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/agent.sock"
        do { _ = try UnixSocket.listen(path) }
        let listener = try UnixSocket.listen(path)
        #expect(throws: SystemError(operation: "listen on", subject: path, errno: .EADDRINUSE)) {
            _ = try UnixSocket.listen(path)
        }
        _ = listener
    }

    @Test func leavesAFileOfAnotherKindAlone() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/agent.sock"
        try FileSystem.atomicWrite(path, Array("mine".utf8))
        #expect(throws: SystemError.self) { _ = try UnixSocket.listen(path) }
        #expect(try FileSystem.readFile(path) == Array("mine".utf8))
    }

    @Test(arguments: [("", Errno.EINVAL), (String(repeating: "x", count: 108), .ENAMETOOLONG), ("/none/s", .ENOENT)])
    func connectErrorsNameThePath(path: String, errno: Errno) {
        #expect(throws: SystemError(operation: "connect", subject: path, errno: errno)) {
            _ = try UnixSocket.connect(path)
        }
    }

    @Test func passesDescriptors() throws {
        let pair = try UnixSocket.pair()
        let directory = try TemporaryDirectory()
        try FileSystem.atomicWrite("\(directory.path)/a", Array("hello".utf8))
        let file = try FileDescriptor.open("\(directory.path)/a")
        try pair.first.sendAll(Array("take it".utf8), descriptors: [file.rawValue])

        var bytes: [UInt8] = []
        var descriptors = DescriptorList()
        #expect(try pair.second.receive(appendingTo: &bytes, descriptors: &descriptors) == 7)
        #expect(bytes == Array("take it".utf8))
        #expect(descriptors.count == 1)
        let taken = try #require(try contents(&descriptors))
        #expect(taken == Array("hello".utf8))
        #expect(descriptors.count == 0)
    }

    @Test func closesDescriptorsNobodyTook() throws {
        let pair = try UnixSocket.pair()
        let pipe = try UnixSocket.pair()
        try pair.first.sendAll([1], descriptors: [pipe.first.rawValue])
        try pipe.first.finishSending()
        var bytes: [UInt8] = []
        #expect(try pair.second.receive(appendingTo: &bytes) == 1)
        #expect(bytes == [1])
        // The copy in flight is gone, so the end of the stream is seen.
        #expect(try pipe.second.receive(appendingTo: &bytes) == 0)
        #expect(bytes == [1])
    }

    @Test func timesOutInsteadOfWaitingForEver() throws {
        let pair = try UnixSocket.pair()
        try pair.first.setTimeouts(receiveNanoseconds: 1_000_000, sendNanoseconds: 1_000_000)
        var bytes: [UInt8] = []
        #expect(try pair.first.receive(appendingTo: &bytes) == nil)
        #expect(throws: SystemError.self) { try pair.first.sendAll([UInt8](repeating: 0, count: 8 << 20)) }
    }

    @Test func sendingToAClosedPeerThrows() throws {
        let error = try UnixSocket.pair().use { (first, second) -> SystemError? in
            _ = consume second
            do throws(SystemError) {
                try first.sendAll([1])
                return nil
            } catch {
                return error
            }
        }
        #expect(error?.errno == .EPIPE)
    }

    private func accepted(_ listener: borrowing UnixSocket) throws -> UnixSocket.PeerCredentials? {
        guard let connection = try listener.accept() else { return nil }
        return try connection.peerCredentials()
    }

    private func contents(_ descriptors: inout DescriptorList) throws -> [UInt8]? {
        guard let file = descriptors.takeFirst() else { return nil }
        return try file.readAll()
    }
}
