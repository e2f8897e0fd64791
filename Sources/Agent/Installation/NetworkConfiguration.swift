/// The network configuration by which container runtimes call romana-cni: that of cni/, with the agent's own socket.
enum NetworkConfiguration {
    private static let template = String(decoding: PackageResources._0_romana_conflist, as: UTF8.self)
    private static let usualSocket = "\"/run/romana/agent.sock\""

    /// The text for an agent on a socket.
    static func text(agentSocket: String) -> String {
        template.replacing(usualSocket, with: quoted(agentSocket), maxReplacements: 1)
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Which configurations a runtime takes before ours: the first by name counts, whatever is in it.
    static func rivals(among names: [String]) -> [String] {
        names.filter { name in
            (name.hasSuffix(".conf") || name.hasSuffix(".conflist") || name.hasSuffix(".json"))
                && name.utf8.lexicographicallyPrecedes(InstallationSettings.configurationName.utf8)
        }
    }
}
