/// Which CNI verb was called; `reap` is the time until the link of a deleted pod was really gone.
enum Verb: String, CaseIterable, Codable, Hashable, Sendable {
    case add = "ADD"
    case delete = "DEL"
    case reap
}

/// When something began and ended: CLOCK_MONOTONIC, nanoseconds.
struct Span: Sendable {
    let started: UInt64
    let ended: UInt64
}

/// A network namespace made beforehand, ready for one pod at a time.
struct Sandbox: Sendable {
    let path: String
    let descriptor: Int32
}

/// One container to be attached to the network.
struct Attachment: Sendable {
    /// Unlike any other of the run; also the host part of the address that the floor gives it.
    let serial: UInt32
    let containerID: String
    let sandbox: Sandbox

    init(serial: UInt32, sandbox: Sandbox) {
        self.serial = serial
        self.sandbox = sandbox
        // 64 hex digits, as containerd names its sandboxes.
        let tail = String(serial, radix: 16)
        containerID = String(repeating: "b", count: 56) + String(repeating: "0", count: 8 - tail.utf8.count) + tail
    }
}

/// What became of an attachment: what DEL needs, and what is checked.
struct Attached: Sendable {
    let attachment: Attachment
    /// Of the host's end.
    let link: String
    let linkIndex: UInt32
    let address: String
    /// The result of ADD as it was printed, which a runtime hands back with DEL.
    let result: [UInt8]
}
