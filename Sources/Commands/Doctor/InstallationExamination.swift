import ArgumentParser
import CNIProtocol
import LinuxSystem

/// Where the runtime looks for plugins and their configuration.
struct InstallationOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("cni-conf-dir"), help: ArgumentHelp("Where network configurations are.", valueName: "folder"),
        completion: .directory)
    var configurations = "/etc/cni/net.d"

    @Option(
        name: .customLong("cni-bin-dir"), help: ArgumentHelp("Where plugins are.", valueName: "folder"),
        completion: .directory)
    var plugins = "/opt/cni/bin"
}

/// What the runtime would take: its first network configuration, and the plugins that this one names.
struct InstallationExamination {
    static let area = "cni"
    let options: InstallationOptions
    let agentSocket: String

    func symptoms() -> [Symptom] {
        let folder = options.configurations
        do throws(SystemError) {
            // What runtimes read, in the order of names; the first is the one that they take.
            let names = try FileSystem.listDirectory(folder).filter { name in
                [".conf", ".conflist", ".json"].contains { name.hasSuffix($0) }
            }
            guard let first = names.first else {
                return [
                    .failed(
                        Self.area, folder, "it has no network configuration",
                        do: "romana-agent --install-cni, or cni/install.sh")
                ]
            }
            return try look(first, among: names)
        } catch {
            return [.failed(Self.area, folder, "\(error)", do: "romana-agent --install-cni, or cni/install.sh")]
        }
    }

    private func look(_ name: String, among names: [String]) throws(SystemError) -> [Symptom] {
        let path = "\(options.configurations)/\(name)"
        let document: JSONValue
        let bytes = try FileSystem.readFile(path)
        do throws(JSONError) {
            document = try JSONValue(parsing: bytes)
        } catch {
            return [
                .failed(
                    Self.area, path, "it is not JSON: \(error)", do: "remove or mend it: the runtime takes it first")
            ]
        }
        let plugins = document["plugins"]?.arrayValue ?? [document]
        let types = plugins.compactMap { $0["type"]?.stringValue }
        guard types.first == "romana-cni" else {
            let others = names.dropFirst().joined(separator: ", ")
            return [
                .failed(
                    Self.area, path,
                    "the runtime takes it first, and it is of \(types.first ?? "no plugin")"
                        + (others.isEmpty ? "" : ", before \(others)"),
                    do: "remove it if Romana is to serve this node, and restart the pods that it has made")
            ]
        }
        let socket = plugins.first?["agentSocket"]?.stringValue ?? AgentSocket.defaultPath
        var symptoms: [Symptom] = [.ok(Self.area, path, "network \(document["name"].shown), the first")]
        if socket != agentSocket {
            symptoms.append(
                .warning(
                    Self.area, "agentSocket", "\(path) names \(socket), this command asks \(agentSocket)",
                    do: "give the agent --agent-socket \(socket), or change the configuration"))
        }
        return symptoms + types.map(plugin) + [version("\(options.plugins)/romana-cni")]
    }

    /// The plugin's version by what its file says: it is not run for this.
    private func version(_ path: String) -> Symptom {
        do throws(SystemError) {
            return ServerExamination.version(path, Self.version(in: try FileSystem.readFile(path, limit: 64 << 20)))
        } catch {
            return .unknown("versions", path, "\(error)")
        }
    }

    /// The version in a plugin's bytes, behind the words that its title begins with; empty if they are not there.
    static func version(in bytes: [UInt8]) -> String {
        let mark = Array("romana-cni version ".utf8)
        var start = bytes.startIndex
        while let first = bytes[start...].firstIndex(of: mark[0]) {
            if bytes[first...].starts(with: mark) {
                let rest = bytes[(first + mark.count)...].prefix { $0 > 0x20 && $0 < 0x7f }
                return String(decoding: rest, as: UTF8.self)
            }
            start = first + 1
        }
        return ""
    }

    private func plugin(_ type: String) -> Symptom {
        let path = "\(options.plugins)/\(type)"
        return FileSystem.isExecutable(path)
            ? .ok(Self.area, path, "is there")
            : .failed(
                Self.area, path, FileSystem.fileExists(path) ? "it may not be run" : "it is missing",
                do: "romana-agent --install-cni, or cni/install.sh (--cni-bin-dir says where the runtime looks)")
    }
}
