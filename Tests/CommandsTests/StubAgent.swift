import CNIProtocol
import Glibc
import LinuxSystem

/// An agent that answers every request on its socket with the same bytes; it goes with the value.
final class StubAgent: Sendable {
    let path: String
    private let listener: UnixSocket

    init(answering bytes: [UInt8]) throws {
        path = "/tmp/romana-agent-\(UInt64.random(in: 0...(.max))).sock"
        listener = try UnixSocket.listen(path)
        let descriptor = try FileDescriptor.duplicate(listener.rawValue).release()
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        _ = try NamedThread.start(name: "stub agent") {
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else { break }
                let connection = UnixSocket(owning: FileDescriptor(owning: client))
                Self.answer(connection, bytes)
            }
            close(descriptor)
        }
    }

    /// An agent that answers with a document.
    convenience init(_ document: JSONValue, exitStatus: UInt8 = 0) throws {
        try self.init(answering: AgentResponse(exitStatus: exitStatus, output: document.bytes).frame.bytes)
    }

    deinit {
        shutdown(listener.rawValue, Int32(SHUT_RDWR))
        unlink(path)
    }

    private static func answer(_ connection: borrowing UnixSocket, _ bytes: [UInt8]) {
        var decoder = AgentFrameDecoder()
        var received: [UInt8] = []
        do {
            while try decoder.next() == nil {
                received.removeAll()
                guard try connection.receive(appendingTo: &received) != 0 else { return }
                decoder.feed(received)
            }
            try connection.sendAll(bytes)
        } catch {}
    }

    /// The state of a node with one pod.
    static func state(node: String, isReady: Bool = true, address: String = "10.112.0.1") -> JSONValue {
        [
            "node": .string(node), "version": "3.0.0", "ready": .bool(isReady),
            "problem": isReady ? .null : "no spare block",
            "attachments": [
                [
                    "namespace": "shop", "pod": "web-1", "containerID": "0123456789abcdef", "ifname": "eth0",
                    "network": "romana-k8s-network", "veth": "rom0123456789ab",
                    "addresses": [.string(address), "fd00::1"], "blocks": ["10.112.0.0/28", "fd00::/64"],
                    "since": 1_795_248_844,
                    "policy": [
                        "ingress": ["chain": "in-0a", "policies": "shop/web", "drops": 7], "egress": .null,
                    ],
                ]
            ],
            "checks": [
                ["name": "blocks", "outcome": isReady ? "ok" : "failed", "message": "2 blocks"],
                ["name": "daemon", "outcome": "warning", "message": "out of reach"],
            ],
            "duties": ["listener": ["own": true, "holder": .string(node), "candidates": 1]],
            "blocks": [
                [
                    "cidr": "10.112.0.0/28", "network": "n4", "tenant": "shop", "segment": "default", "allocated": 1,
                    "capacity": 16,
                ],
                [
                    "cidr": "fd00::/64", "network": "n6", "tenant": "", "segment": "", "allocated": 0,
                    "capacity": .number("18446744073709551616"),
                ],
            ],
            "routes": [
                ["prefix": "10.112.4.0/22", "via": "10.0.0.2", "host": "other", "state": "installed"],
                ["prefix": "10.112.8.0/22", "via": "10.9.0.3", "host": "far", "state": "left to the fabric"],
            ],
            "sources": ["etcd": true, "daemon": .bool(isReady)],
        ]
    }
}
