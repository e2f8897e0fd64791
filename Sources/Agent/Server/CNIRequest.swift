import CNIProtocol
import LinuxSystem

/// One request as it came from a client of the agent's socket.
struct CNIRequest {
    /// Which connection waits for the answer.
    var connection: UInt64
    /// When it was complete, in nanoseconds of the monotonic clock.
    var received: UInt64
    var environment: CNIEnvironment
    var config: NetworkConfig
    /// The pod's namespace, when the client passed one.
    var sandbox: Sandbox?
    /// What log lines and the requests to daemons that come of it call this call.
    var id = ""

    /// Container and interface.
    var key: AttachmentKey {
        AttachmentKey(containerID: environment.containerID, interface: environment.ifname)
    }
}

/// What a client gets: an exit status and what it prints on standard output.
struct CNIAnswer: Equatable {
    var status: UInt8
    var output: [UInt8]

    /// A success without output.
    static let empty = CNIAnswer(status: 0, output: [])

    /// A refusal, printed as the error object of the version that was asked for.
    static func refusal(_ error: CNIError, _ version: CNIVersion) -> CNIAnswer {
        CNIAnswer(status: 1, output: error.json(version: version))
    }
}
