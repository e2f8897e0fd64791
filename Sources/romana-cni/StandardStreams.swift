import CNIProtocol
import LinuxSystem

/// Standard input and output as the specification uses them.
enum StandardStreams {
    /// The most that is read of a configuration.
    private static let limit = AgentFrame.maximumBody

    /// All of standard input; code 5 when it cannot be read, 6 when it is longer than any configuration.
    static func input() throws(CNIError) -> [UInt8] {
        do throws(SystemError) {
            return try FileDescriptor(owning: 0).readAll(limit: limit)
        } catch {
            if error.errno == .EFBIG {
                throw CNIError(.decoding, "the network config is longer than \(limit) bytes")
            }
            throw CNIError(.io, "read the network config from standard input: \(error.errno)")
        }
    }

    /// Writes the answer; a runtime that has closed its end does not want it.
    static func output(_ bytes: [UInt8]) {
        try? FileDescriptor(owning: 1).writeAll(bytes)
    }
}
