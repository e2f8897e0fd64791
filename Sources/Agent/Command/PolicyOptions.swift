import Addresses
import ArgumentParser
import LinuxSystem
import Options

/// What the agent is told about policy and about the node's own rules.
struct PolicyOptions: ParsableArguments {
    @Option(
        name: .long, defaultAsFlag: Toggle.on, parsing: .next,
        help: .init(
            "Whether policies are enforced (default: true); if not, every pod takes everything.",
            valueName: "true|false"))
    var policies: Toggle?

    @Option(name: .long, help: "The group of NFLOG that drops are told to, with the policies' names; 0 for none.")
    var policyLogGroup: UInt16 = 71

    @Option(
        name: .long, defaultAsFlag: Toggle.on, parsing: .next,
        help: .init(
            "Let connections that a change of policy forbids go on until they end (default: false).",
            valueName: "true|false"))
    var keepConnections: Toggle?

    @Option(
        name: .long, defaultAsFlag: Toggle.on, parsing: .next,
        help: .init(
            "Give what pods send out of the cluster the node's address (default: true).", valueName: "true|false"))
    var nat: Toggle?

    @Option(name: .long, help: "The link on which that is done (default: the one with the node's address).")
    var natInterface: String?

    @Option(
        name: [.long, .customLong("cluster-ip-cidr")],
        help: """
            Addresses of Services, by comma: never translated (default: by KUBERNETES_SERVICE_HOST, 10.96.0.0/12 for \
            10.96.0.1 and 100.64.0.0/13 for 100.64.0.1).
            """)
    var serviceClusterIPRange: String = ""

    @Option(
        name: .long, defaultAsFlag: Toggle.on, parsing: .next,
        help: .init("Let pods open connections to their own node (default: true).", valueName: "true|false"))
    var podToHost: Toggle?

    /// As the agent takes it.
    func settings() throws(AgentError) -> PolicySettings {
        var settings = PolicySettings()
        settings.isEnforced = try policies?.isOn("--policies") ?? true
        settings.logGroup = policyLogGroup == 0 ? nil : policyLogGroup
        settings.keepsConnections = try keepConnections?.isOn("--keep-connections") ?? false
        settings.translates = try nat?.isOn("--nat") ?? true
        settings.translationLink = natInterface
        settings.allowsPodToHost = try podToHost?.isOn("--pod-to-host") ?? true
        for text in serviceClusterIPRange.split(separator: ",") {
            guard let range = IPPrefix(String(text)) else {
                throw AgentError("--service-cluster-ip-range: \(text) is not a prefix such as 10.96.0.0/12")
            }
            settings.serviceRanges.append(range)
        }
        if settings.serviceRanges.isEmpty, let range = Self.detectedRange { settings.serviceRanges = [range] }
        return settings
    }

    /// What kubeadm and kops use when nobody says otherwise, told by the address of the Service `kubernetes`.
    private static var detectedRange: IPPrefix? {
        switch ProcessEnvironment.value("KUBERNETES_SERVICE_HOST") {
        case "10.96.0.1": IPPrefix("10.96.0.0/12")
        case "100.64.0.1": IPPrefix("100.64.0.0/13")
        default: nil
        }
    }
}
