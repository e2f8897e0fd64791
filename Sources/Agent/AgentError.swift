import LinuxSystem
import Netlink

/// Why the agent could not start.
struct AgentError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
