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
    /// - Throws: when one is missing, with the command that builds it.
    public static func built() throws(TestbedError) -> Programs {
        let directory: String
        if let chosen = ProcessEnvironment.value("ROMANA_PROGRAMS") {
            directory = chosen
        } else {
            var path = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("/proc/self/exe", &path, path.count - 1)
            let own = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            directory = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
        }
        let programs = Programs(directory: directory, cni: ProcessEnvironment.value("ROMANA_CNI"))
        for path in [programs.agent, programs.daemon, programs.cni, programs.romana] {
            guard FileSystem.fileExists(path) else {
                throw TestbedError("\(path) is missing: build it with `make build` or run `make test`")
            }
        }
        return programs
    }
}
