import Glibc
import LinuxSystem

/// Where the programs of this system are that a cluster runs.
public struct Programs: Sendable, Hashable {
    /// romana-agent.
    public let agent: String
    /// romana-daemon.
    public let daemon: String
    /// romana-cni; the static one where there is one.
    public let cni: String
    /// romana, the operators' command.
    public let romana: String

    /// The programs in one folder; `cni` may be elsewhere.
    public init(directory: String, cni: String? = nil) {
        agent = "\(directory)/romana-agent"
        daemon = "\(directory)/romana-daemon"
        romana = "\(directory)/romana"
        self.cni = cni ?? "\(directory)/romana-cni"
    }

    /// The programs that were built together with the one that runs now.
    ///
    /// `ROMANA_PROGRAMS` names another folder, `ROMANA_CNI` another romana-cni.
    public static var built: Programs {
        Programs(
            directory: ProcessEnvironment.value("ROMANA_PROGRAMS") ?? ownDirectory,
            cni: ProcessEnvironment.value("ROMANA_CNI"))
    }

    /// Throws when one is missing, with the command that builds it.
    func check() throws(TestbedError) {
        for path in [agent, daemon, cni, romana] where !FileSystem.fileExists(path) {
            throw TestbedError("\(path) is missing: build it with `make build` or run `make test`")
        }
    }

    private static var ownDirectory: String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
    }
}
