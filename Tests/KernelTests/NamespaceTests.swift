import Addresses
import Glibc
import LinuxSystem
import Netlink
import TestSupport
import Testing

@Suite struct NamespaceTests {
    @Test func performComesBack() throws {
        try FreshNamespace.run {
            let other = try FreshNamespace.open()
            let home = try NetworkNamespace.identity(try NetworkNamespace.current().release())
            let inside = try NetworkNamespace.perform(in: other.rawValue) { () throws(SystemError) in
                let here = try NetworkNamespace.current()
                return try NetworkNamespace.identity(here.rawValue)
            }
            let current = try NetworkNamespace.current()
            #expect(try NetworkNamespace.identity(other.rawValue) == inside)
            #expect(inside != home)
            #expect(try NetworkNamespace.identity(current.rawValue) == home)
        }
    }

    @Test func performComesBackFromAnError() throws {
        try FreshNamespace.run {
            let other = try FreshNamespace.open()
            let home = try NetworkNamespace.current()
            #expect(throws: SystemError.self) {
                try NetworkNamespace.perform(in: other.rawValue) { () throws(SystemError) in
                    throw SystemError(operation: "x", subject: "", errno: .EIO)
                }
            }
            let current = try NetworkNamespace.current()
            #expect(try NetworkNamespace.identity(current.rawValue) == NetworkNamespace.identity(home.rawValue))
        }
    }

    @Test func otherDescriptorsAreRefused() throws {
        try FreshNamespace.run {
            let null = try FileDescriptor.open("/dev/null")
            for (fd, errno) in [(null.rawValue, Errno.EINVAL), (-1, .EBADF)] {
                let error = #expect(throws: NetlinkError.self) { _ = try KernelNetwork.opened(in: fd) }
                #expect(error?.errno == errno)
                #expect(error?.operation == "enter network namespace descriptor \(fd)")
            }
        }
    }

    @Test func kernelStaysInTheNamespaceItWasOpenedIn() throws {
        try FreshNamespace.run {
            let pod = try FreshNamespace.open()
            let kernel = try KernelNetwork()
            _ = try kernel.createVethPair(LinkTests.pair(in: pod.rawValue))
            let inner = try KernelNetwork.opened(in: pod.rawValue)
            #expect(try inner.links().map(\.name) == ["lo", "eth0"])
            #expect(try kernel.links().map(\.name) == ["lo", "rom0"])
        }
    }

    @Test func sysctlsAreThoseOfTheThreadsNamespace() throws {
        try FreshNamespace.run {
            let pod = try FreshNamespace.open()
            try Sysctl.write("net.ipv4.ip_forward", "1")
            let inside = try NetworkNamespace.perform(in: pod.rawValue) { () throws(SystemError) in
                try Sysctl.read("net.ipv4.ip_forward")
            }
            #expect(inside == "0")
            #expect(try Sysctl.read("net.ipv4.ip_forward") == "1")
        }
    }

    @Test func pinsOutliveDescriptorsUntilTheyAreDeleted() throws {
        // Mounts belong to the process, so this one works under a directory that goes with the test.
        let directory = "/tmp/pins-\(getpid())"
        try FileSystem.makeDirectory(directory)
        defer {
            umount2(directory, Int32(MNT_DETACH))
            _ = try? FileSystem.removeDirectory(directory)
        }
        let path = "\(directory)/blue"
        let before = try NetworkNamespace.current()
        try NetworkNamespace.create(path)
        #expect(throws: SystemError.self) { try NetworkNamespace.create(path) }
        let after = try NetworkNamespace.current()
        #expect(try NetworkNamespace.identity(before.rawValue) == NetworkNamespace.identity(after.rawValue))
        do {
            let blue = try NetworkNamespace.open(path)
            #expect(try KernelNetwork.opened(in: blue.rawValue).links().map(\.name) == ["lo"])
        }
        #expect(try NetworkNamespace.delete(path))
        #expect(!FileSystem.fileExists(path))
        #expect(try !NetworkNamespace.delete(path))
    }
}
