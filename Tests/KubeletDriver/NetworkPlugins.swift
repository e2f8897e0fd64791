import CNIProtocol
import LinuxSystem
import Testbed

/// Calls the plugins of a machine as libcni does: the first configuration by name, one plugin after the other.
public struct NetworkPlugins: Sendable {
    /// Where runtimes look for configurations.
    static let configurations = "/etc/cni/net.d"
    /// Where runtimes look for plugins.
    static let programs = "/opt/cni/bin"

    let machine: Machine

    /// What a configuration says.
    struct Network: Sendable {
        var name: String
        var version: String
        var plugins: [JSONValue]
    }

    /// The network that pods are attached to now; nil where no plugin has been installed.
    func network() -> Network? {
        let folder = machine.path(Self.configurations)
        let names = TemporaryDirectory.names(in: folder).filter { $0.hasSuffix(".conflist") || $0.hasSuffix(".conf") }
        for name in names.sorted() {
            guard let text = TextFile.read("\(folder)/\(name)"), let document = try? JSONValue(parsing: text),
                let network = document["name"]?.stringValue
            else { continue }
            return Network(
                name: network, version: document["cniVersion"]?.stringValue ?? "0.1.0",
                plugins: document["plugins"]?.arrayValue ?? [document])
        }
        return nil
    }

    /// ADD for a sandbox.
    /// - Returns: the result of the last plugin.
    func add(_ sandbox: Sandbox) async throws(TestbedError) -> JSONValue {
        guard let network = network() else { throw TestbedError("cni config uninitialized") }
        var result: JSONValue?
        for plugin in network.plugins {
            let text = try await call("ADD", sandbox, plugin, network, result).run(
                input: input(plugin, network, sandbox, result)
            ).checkedAnswer()
            result = try? JSONValue(parsing: text)
        }
        guard let result else { throw TestbedError("no plugin of \(network.name) gave a result") }
        return result
    }

    /// DEL for a sandbox, with its network namespace or without one.
    func delete(_ sandbox: Sandbox, result: JSONValue? = nil, hasNamespace: Bool) async throws(TestbedError) {
        guard let network = network() else { return }
        var sandbox = sandbox
        if !hasNamespace { sandbox.path = "" }
        for plugin in network.plugins.reversed() {
            try await call("DEL", sandbox, plugin, network, result).run(
                input: input(plugin, network, sandbox, result)
            ).checkedAnswer()
        }
    }

    private func call(
        _ command: String, _ sandbox: Sandbox, _ plugin: JSONValue, _ network: Network, _ result: JSONValue?
    ) -> Program {
        var program = machine.program("\(Self.programs)/\(plugin["type"]?.stringValue ?? "")")
        // Runtimes keep these in a map, so that their order changes from call to call.
        let arguments = [
            "IgnoreUnknown=1", "K8S_POD_NAMESPACE=\(sandbox.podNamespace)", "K8S_POD_NAME=\(sandbox.podName)",
            "K8S_POD_INFRA_CONTAINER_ID=\(sandbox.id)", "K8S_POD_UID=\(sandbox.podUID)",
        ].shuffled().joined(separator: ";")
        program.environment = Machine.environment.merging([
            "CNI_COMMAND": command, "CNI_CONTAINERID": sandbox.id, "CNI_NETNS": sandbox.path, "CNI_IFNAME": "eth0",
            "CNI_ARGS": arguments, "CNI_PATH": Self.programs,
        ]) { $1 }
        return program
    }

    private func input(
        _ plugin: JSONValue, _ network: Network, _ sandbox: Sandbox, _ result: JSONValue?
    ) -> [UInt8] {
        var members = plugin.members ?? []
        members.append((key: "name", value: .string(network.name)))
        members.append((key: "cniVersion", value: .string(network.version)))
        let wanted = plugin["capabilities"]?.members?.filter { $0.value.boolValue == true }.map(\.key) ?? []
        let served = sandbox.capabilities.filter { wanted.contains($0.key) }
        if !served.isEmpty { members.append((key: "runtimeConfig", value: .object(served))) }
        if let result { members.append((key: "prevResult", value: result)) }
        return JSONValue.object(members).bytes
    }
}

extension CommandResult {
    /// What a plugin printed; its error where it failed.
    @discardableResult
    fileprivate func checkedAnswer() throws(TestbedError) -> String {
        guard status.isSuccess else {
            let command = program.environment?["CNI_COMMAND"] ?? "?"
            throw TestbedError("plugin \(command): \(status): \(text)\(errorText)")
        }
        return text
    }
}
