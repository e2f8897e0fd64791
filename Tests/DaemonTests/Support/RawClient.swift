import Glibc

/// A TCP client that sends bytes as it likes and tells what came back.
struct RawClient: Sendable {
    let descriptor: Int32

    /// Connects to a port of this machine.
    init?(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        if result != 0 {
            Glibc.close(descriptor)
            return nil
        }
    }

    /// Sends text; false when the other side is gone.
    func send(_ text: String) -> Bool {
        var bytes = Array(text.utf8)
        return Glibc.send(descriptor, &bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Everything that comes until the other side closes; nil when it does not within ten seconds.
    func readToEnd() -> String? {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { all += buffer[..<count] }
            if count == 0 || (count < 0 && errno == ECONNRESET) { return String(decoding: all, as: UTF8.self) }
            if count < 0 { return nil }
        }
    }

    func close() { Glibc.close(descriptor) }
}
