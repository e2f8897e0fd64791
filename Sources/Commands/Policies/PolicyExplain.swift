import Addresses
import ArgumentParser
import CNIProtocol
import Policies

/// `romana policy explain FROM TO [PROTO/PORT]`.
struct PolicyExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell whether some traffic is allowed, by which rule, and whether kernels agree.",
        discussion: """
            FROM and TO are NAMESPACE/POD, an address, or node:NAME. The agents of all hosts are asked where the pods \
            are, then those of the two ends what their policies say and what their kernel does. With --manifests nobody \
            is asked: the files have the cluster, as for policy test.

            Exit status 0 tells that it is allowed, 1 that it is denied, 2 that it cannot be told since somebody did not \
            answer or does not exist, 3 that a kernel does other than its policies say.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: ArgumentHelp("Where the traffic comes from.", valueName: "from")) var from: PolicyEnd
    @Argument(help: ArgumentHelp("Where it goes to, behind Services.", valueName: "to")) var to: PolicyEnd
    @Argument(
        help: ArgumentHelp(
            "tcp, udp or sctp with a slash and a port, or icmp.", valueName: "proto/port"))
    var traffic = "tcp/80"
    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Judge pods by their IPv6 addresses.")
    var isIPv6 = false
    @Option(
        help: ArgumentHelp("Take the cluster from this file; may be given more than once.", valueName: "file"),
        completion: .file())
    var manifests: [String] = []
    @Option(name: .customLong("agent-port"), help: ArgumentHelp("The port of agents.", valueName: "port"))
    var port: UInt16 = AgentOptions.defaultPort

    func validate() throws {
        guard PolicyOracle.Traffic(traffic, family: .ipv4) != nil else {
            throw ValidationError("\(traffic): tcp, udp or sctp with a slash and a port, or icmp, is due")
        }
    }

    func run() async throws {
        let session = try Session(options)
        let family: AddressFamily? = isIPv6 ? .ipv6 : nil
        let explanation: PolicyExplanation
        if manifests.isEmpty {
            explanation = try await LivePolicy(session: session, port: port)
                .explain(from: from.end, to: to.end, traffic, family)
        } else {
            explanation = try explain(try PolicyManifests(files: manifests, session.console).oracle, family)
        }
        try session.show(explanation.view)
        if explanation.exitStatus != 0 { throw ExitCode(explanation.exitStatus) }
    }

    private func explain(_ oracle: PolicyOracle, _ wanted: AddressFamily?) throws(CommandError) -> PolicyExplanation {
        for end in [from.end, to.end] where oracle.addresses(of: end).isEmpty {
            throw CommandError("explain policy: the manifests have no \(end.noun)", kind: .unreachable)
        }
        guard let family = wanted ?? oracle.sharedFamily(from.end, to.end),
            let traffic = PolicyOracle.Traffic(traffic, family: family),
            let judgement = oracle.judge(from: from.end, to: to.end, traffic, family: family)
        else {
            throw CommandError(
                "explain policy: \(from.end) and \(to.end) have no addresses of one family", kind: .unreachable)
        }
        return PolicyExplanation(judgement)
    }
}

/// An end of traffic on the command line.
struct PolicyEnd: ExpressibleByArgument, Sendable {
    let end: PolicyOracle.Endpoint

    init?(argument: String) {
        guard let end = PolicyOracle.Endpoint(argument) else { return nil }
        self.end = end
    }
}

extension PolicyExplanation {
    /// What follows from policies alone.
    fileprivate init(_ judgement: Judgement) {
        func verdict(_ verdict: Judgement.Verdict) -> Verdict {
            Verdict(
                isAllowed: verdict.isAllowed, reason: judgement.exemption == nil ? "\(verdict)" : judgement.reason)
        }
        self.init(
            from: "\(judgement.from)", to: "\(judgement.to)", traffic: "\(judgement.traffic)", family: judgement.family,
            egress: verdict(judgement.egress), ingress: verdict(judgement.ingress))
    }
}
