import LinuxSystem
import Testing

@Suite struct ErrnoTests {
    @Test(arguments: [
        (Errno.ENETUNREACH, "network is unreachable (ENETUNREACH)"),
        (Errno.ENOENT, "no such file or directory (ENOENT)"),
        (Errno.EAGAIN, "resource temporarily unavailable (EAGAIN)"),
        (Errno(rawValue: 9999), "unknown error (errno 9999)"),
    ])
    func printsMessageAndName(errno: Errno, text: String) {
        #expect(errno.description == text)
    }

    @Test func systemErrorIsASentence() {
        let error = SystemError(operation: "connect", subject: "/run/x.sock", errno: .ENOENT)
        #expect(error.description == "connect /run/x.sock: no such file or directory (ENOENT)")
        #expect(
            SystemError(operation: "create epoll", subject: "", errno: .EMFILE).description
                == "create epoll: too many open files (EMFILE)")
    }
}
