import Glibc
import LinuxSystem
import Testing

@Suite struct FileTests {
    @Test func atomicWriteReplacesTheWholeFileAndLeavesNoTemporary() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/state"
        try FileSystem.atomicWrite(path, Array("first, and longer".utf8))
        try FileSystem.atomicWrite(path, Array("second".utf8), durable: true)
        #expect(try FileSystem.readFile(path) == Array("second".utf8))
        #expect(try FileSystem.listDirectory(directory.path) == ["state"])
    }

    @Test func atomicWriteNamesTheTargetInItsError() {
        #expect(throws: SystemError(operation: "write", subject: "/nowhere/state", errno: .ENOENT)) {
            try FileSystem.atomicWrite("/nowhere/state", [])
        }
    }

    @Test func readFileRefusesMoreThanItsLimit() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/big"
        try FileSystem.atomicWrite(path, Array(repeating: 7, count: 100_000))
        #expect(try FileSystem.readFile(path).count == 100_000)
        #expect(throws: SystemError(operation: "read", subject: path, errno: .EFBIG)) {
            try FileSystem.readFile(path, limit: 1000)
        }
    }

    @Test func makesNestedDirectoriesTwice() throws {
        let directory = try TemporaryDirectory()
        for _ in 1...2 { try FileSystem.makeDirectory("\(directory.path)/a/b") }
        #expect(FileSystem.isDirectory("\(directory.path)/a/b"))
        try FileSystem.removeDirectory("\(directory.path)/a/b")
        #expect(try FileSystem.removeDirectory("\(directory.path)/a"))
        #expect(try !FileSystem.removeDirectory("\(directory.path)/a"))
        #expect(try !FileSystem.unlink("\(directory.path)/nothing"))
        #expect(!FileSystem.fileExists("\(directory.path)/a"))
    }

    @Test func descriptorClosesWithItsOwner() throws {
        // A number high enough that no test running beside this one gets it.
        let null = try FileDescriptor.open("/dev/null")
        let number = fcntl(null.rawValue, F_DUPFD_CLOEXEC, 900)
        do {
            let file = FileDescriptor(owning: number)
            #expect(isOpen(file.rawValue))
        }
        #expect(!isOpen(number))
    }

    @Test func releasedDescriptorStaysOpen() throws {
        let number = try FileDescriptor.open("/dev/null").release()
        #expect(isOpen(number))
        _ = FileDescriptor(owning: number)
    }

    @Test func descriptorsAreCloseOnExec() throws {
        let file = try FileDescriptor.open("/dev/null")
        let copy = try file.duplicate()
        #expect(copy.rawValue != file.rawValue)
        for number in [file.rawValue, copy.rawValue] { #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0) }
    }

    @Test func sysctlKeysWithDotsInInterfaceNames() throws {
        #expect(try Sysctl.read("kernel.ostype") == "Linux")
        #expect(try Sysctl.read("kernel/ostype") == "Linux")
        #expect(
            throws: SystemError(operation: "open", subject: "/proc/sys/net/ipv4/conf/a.b/rp_filter", errno: .ENOENT)
        ) {
            try Sysctl.write("net/ipv4/conf/a.b/rp_filter", "0")
        }
    }
}
