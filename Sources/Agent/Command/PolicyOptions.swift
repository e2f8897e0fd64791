import Addresses
import ArgumentParser
import LinuxSystem

/// What the agent is told about policy and about the node's own rules.
struct PolicyOptions: ParsableArguments {
    @Option(name: .long, help: "Whether policies are enforced; if not, every pod takes everything.")
    var policies: Bool = true

    @Option(name: .long, help: "The group of NFLOG that drops are told to, with the policies' names; 0 for none.")
    var policyLogGroup: UInt16 = 71

    @Option(
        name: .long, defaultAsFlag: true,
        help: "Let connections that a change of policy forbids go on until they end.")
    var keepConnections: Bool?

    @Option(name: .long, help: "Give what pods send out of the cluster the node's address.")
    var nat: Bool = true

    @Option(name: .long, help: "The link on which that is done (default: the one with the node's address).")
    var natInterface: String?

    @Option(
        name: [.long, .customLong("cluster-ip-cidr")],
        help: """
            Addresses of Services, by comma: never translated (default: by KUBERNETES_SERVICE_HOST, 10.96.0.0/12 for \
            10.96.0.1 and 100.64.0.0/13 for 100.64.0.1).
            """)
    var serviceClusterIPRange: String = ""

    @Option(name: .long, help: "Let pods open connections to their own node.")
    var podToHost: Bool = true

    /// As the agent takes it.
    func settings() throws(AgentError) -> PolicySettings {
        var settings = PolicySettings()
        settings.isEnforced = policies
        settings.logGroup = policyLogGroup == 0 ? nil : policyLogGroup
        settings.keepsConnections = keepConnections ?? false
        settings.translates = nat
        settings.translationLink = natInterface
        settings.allowsPodToHost = podToHost
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
