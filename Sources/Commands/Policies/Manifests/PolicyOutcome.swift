import Addresses
import CNIProtocol
import Policies

/// One thing that was expected, and what policies say of it.
struct PolicyOutcome {
    let judgement: Judgement
    let isExpected: Bool

    /// Whether it is as expected.
    var holds: Bool { judgement.isAllowed == isExpected }

    /// What each part of an expectation comes to; throws for ends that are not there.
    static func outcomes(_ expectation: PolicyExpectation, _ oracle: PolicyOracle) throws(CommandError)
        -> [PolicyOutcome]
    {
        func failure(_ reason: String) -> CommandError {
            CommandError("\(expectation.place): \(reason)", kind: .usage)
        }
        var outcomes: [PolicyOutcome] = []
        let sources = try ends(expectation.from, oracle, failure)
        let destinations = try ends(expectation.to, oracle, failure)
        for source in sources {
            // Patterns mean others: that a pod reaches itself is nobody's expectation of `shop/*` and `shop/*`.
            for destination in destinations
            where source.end != destination.end || !source.isOfMany && !destination.isOfMany {
                for text in expectation.traffic {
                    let family = expectation.family ?? oracle.sharedFamily(source.end, destination.end)
                    guard let family, let traffic = PolicyOracle.Traffic(text, family: family),
                        let judgement = oracle.judge(from: source.end, to: destination.end, traffic, family: family)
                    else {
                        throw failure("\(source.end) and \(destination.end) have no addresses of one family")
                    }
                    outcomes.append(PolicyOutcome(judgement: judgement, isExpected: expectation.isAllowed))
                }
            }
        }
        return outcomes
    }

    private typealias End = (end: PolicyOracle.Endpoint, isOfMany: Bool)

    /// The ends that texts and patterns mean.
    private static func ends(
        _ texts: [String], _ oracle: PolicyOracle, _ failure: (String) -> CommandError
    ) throws(CommandError) -> [End] {
        var ends: [End] = []
        for text in texts {
            if text.contains("*") {
                let pods = oracle.pods.filter { !$0.hasEnded && matches($0.record, text) }.map(\.record)
                let names = pods.map { ($0.namespace, $0.name) }.sorted { $0 < $1 }
                if names.isEmpty { throw failure("there is no pod \(text)") }
                ends += names.map { (.pod($0.0, $0.1), true) }
            } else {
                guard let end = PolicyOracle.Endpoint(text) else {
                    throw failure("\(text) is neither NAMESPACE/POD, nor an address, nor node:NAME")
                }
                if oracle.addresses(of: end).isEmpty { throw failure("there is no \(end.noun)") }
                ends.append((end, false))
            }
        }
        return ends
    }

    /// Whether a pod is meant by `*/web`, `shop/*` or `*/*`.
    private static func matches(_ pod: PodRecord, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        return (parts[0] == "*" || parts[0] == pod.namespace) && (parts[1] == "*" || parts[1] == pod.name)
    }

    /// For programs.
    var document: JSONValue {
        [
            "from": .string("\(judgement.from)"), "to": .string("\(judgement.to)"),
            "traffic": .string("\(judgement.traffic)"), "family": .string("\(judgement.family)"),
            "expected": .bool(isExpected), "allowed": .bool(judgement.isAllowed), "holds": .bool(holds),
            "reason": .string(judgement.reason),
        ]
    }
}

extension PolicyOracle.Endpoint {
    /// What it is, in sentences.
    var noun: String {
        switch self {
        case .pod: "pod \(self)"
        case .node(let name): "node \(name)"
        case .address(let address): "address \(address)"
        }
    }
}
