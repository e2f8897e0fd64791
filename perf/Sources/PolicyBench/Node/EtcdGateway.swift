import FoundationEssentials
import Glibc
import Testbed

/// Writes to etcd over its JSON gateway, one request after the other on one connection.
///
/// A client that answers at once, without tasks and threads of its own: what is timed is etcd and the agent.
final class EtcdGateway {
    private let descriptor: Int32

    /// Connects to `http://127.0.0.1:PORT`.
    init(_ endpoint: String) throws {
        let port = UInt16(endpoint.split(separator: ":").last ?? "") ?? 0
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code < 0 { throw TestbedError("connect to \(endpoint): \(String(cString: strerror(errno)))") }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// `etcdctl put KEY VALUE` for all, as many in one transaction as etcd takes.
    func put(_ pairs: [(key: String, value: [UInt8])]) throws {
        for start in stride(from: 0, to: pairs.count, by: 120) {
            let operations = pairs[start..<min(start + 120, pairs.count)].map { key, value in
                #"{"requestPut":{"key":"\#(Self.encoded(Array(key.utf8)))","value":"\#(Self.encoded(value))"}}"#
            }
            try post("/v3/kv/txn", #"{"success":[\#(operations.joined(separator: ","))]}"#)
        }
    }

    /// `etcdctl del KEY`.
    func delete(_ key: String) throws {
        try post("/v3/kv/deleterange", #"{"key":"\#(Self.encoded(Array(key.utf8)))"}"#)
    }

    private static func encoded(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    private func post(_ path: String, _ body: String) throws {
        let head = "POST \(path) HTTP/1.1\r\nHost: etcd\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        var rest = Array((head + body).utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { throw TestbedError("send to etcd: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
        var answer = ""
        var bytes = [UInt8](repeating: 0, count: 16 << 10)
        while !Self.isWhole(answer) {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            if count <= 0 { throw TestbedError("etcd's answer to \(path) ended early: \(answer)") }
            answer += String(decoding: bytes[..<count], as: UTF8.self)
        }
        guard answer.hasPrefix("HTTP/1.1 200") else { throw TestbedError("etcd: \(path): \(answer)") }
    }

    private static func isWhole(_ answer: String) -> Bool {
        guard let end = answer.firstRange(of: "\r\n\r\n") else { return false }
        let head = answer[..<end.lowerBound].lowercased()
        let body = answer[end.upperBound...]
        // A large answer comes in chunks.
        guard let field = head.firstRange(of: "content-length: ") else { return body.hasSuffix("0\r\n\r\n") }
        return body.utf8.count >= Int(head[field.upperBound...].prefix { $0.isNumber }) ?? 0
    }
}
