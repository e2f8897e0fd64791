import CFloor
import Glibc

/// No plugin at all.
///
/// A static program that does nothing is run to its end, and then the driver's own thread does the netlink work.
struct FloorSubject: Subject {
    let name = "floor"
    let node: Node
    let nothing: String
    let log: Int32
    private let reaper: FloorReaper

    init(node: Node, nothing: String, log: Int32) throws {
        self.node = node
        self.nothing = nothing
        self.log = log
        reaper = try FloorReaper(node: node)
    }

    func adding(_ attachments: [Attachment]) throws -> Job {
        try job(.add, attachments) { socket, index in
            var pod = try Self.pod(attachments[index], linkIndex: 0)
            var step: UnsafePointer<CChar>?
            let code = floor_wire(socket, &pod, &step)
            try BenchFailure.check("floor: \(step.map { String(cString: $0) } ?? "wire")", code)
            return pod.index
        }
    }

    func deleting(_ attached: [Attached]) throws -> Job {
        let reaper = reaper
        return try job(.delete, attached.map(\.attachment)) { socket, index in
            var pod = try Self.pod(attached[index].attachment, linkIndex: attached[index].linkIndex)
            var step: UnsafePointer<CChar>?
            let code = floor_cut(socket, &pod, FloorReaper.group, &step)
            try BenchFailure.check("floor: \(step.map { String(cString: $0) } ?? "cut")", code)
            reaper.wake()
            return pod.index
        }
    }

    func attached(_ attachment: Attachment, _ outcome: Outcome) throws -> Attached {
        Attached(
            attachment: attachment, link: Self.link(attachment), linkIndex: outcome.linkIndex,
            address: "floor-\(attachment.serial)", result: Array("{}".utf8))
    }

    private func job(
        _ verb: Verb, _ attachments: [Attachment], wire: @escaping @Sendable (OpaquePointer, Int) throws -> UInt32
    ) throws -> Job {
        let calls = attachments.map {
            Invocation(
                nothing, environment: Invocation.variables(verb, $0, pluginPath: "/"), input: Array("{}".utf8), log: log
            )
        }
        return Job(count: calls.count) {
            let socket = try FloorSocket()
            return { index in
                let call = try calls[index].run("the program that does nothing")
                let linkIndex = try wire(socket.pointer, index)
                return Outcome(
                    span: Span(started: call.span.started, ended: floor_now()), output: [], linkIndex: linkIndex)
            }
        }
    }

    private static func link(_ attachment: Attachment) -> String {
        "flr" + String(attachment.serial, radix: 16)
    }

    private static func pod(_ attachment: Attachment, linkIndex: UInt32) throws -> floor_pod {
        var pod = floor_pod()
        withUnsafeMutableBytes(of: &pod.link) { $0.copyBytes(from: link(attachment).utf8.prefix(15)) }
        pod.address = (UInt32(10) << 24 | UInt32(96) << 16 | (attachment.serial & 0xFFFF)).bigEndian
        pod.namespace_fd = attachment.sandbox.descriptor
        pod.index = linkIndex
        return pod
    }
}

/// A routing socket that closes itself.
final class FloorSocket {
    let pointer: OpaquePointer

    init() throws {
        guard let socket = floor_socket_open() else { throw BenchFailure("open a routing socket", errno: errno) }
        pointer = socket
    }

    deinit {
        floor_socket_close(pointer)
    }
}

/// Deletes the links that DEL marked, as many at a time as have gathered.
final class FloorReaper: Sendable {
    static let group: UInt32 = 0xF100
    /// How long marked links gather before the kernel is asked: a deletion costs it nearly the same for one or thirty.
    static let gathering: UInt32 = 50_000  // microseconds

    private let wakeUps: Int32

    init(node: Node) throws {
        var ends: [Int32] = [0, 0]
        if pipe(&ends) < 0 { throw BenchFailure("make a pipe", errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wakeUps = ends[1]
        let marked = ends[0]
        _ = try WorkerThread { Self.reap(marked, in: node) }
    }

    /// Says that a link has been marked.
    func wake() {
        var byte: UInt8 = 1
        _ = write(wakeUps, &byte, 1)
    }

    private static func reap(_ marked: Int32, in node: Node) {
        guard (try? node.enter()) != nil, let socket = try? FloorSocket() else { return }
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(marked, &bytes, bytes.count) > 0 {
            usleep(gathering)
            _ = floor_reap(socket.pointer, group)  // ENODEV: the batch before took them all
        }
    }
}
