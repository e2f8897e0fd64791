import Addresses
import Policies
import PolicyCases
import Testbed

extension PolicyStage {
    /// One cell of the table: a probe, and what is right.
    struct Cell: Sendable {
        let expectation: ProbeExpectation
        let judgement: Judgement
    }

    /// An end of probes, with all that is asked of it again and again.
    private struct End {
        let endpoint: PolicyOracle.Endpoint
        let isPod: Bool
        /// Its name in the matrix.
        let site: String
        /// Who answers at its addresses.
        let answerer: String
        let addresses: [(family: AddressFamily, text: String)]
    }

    private typealias Kind = (traffic: PolicyOracle.Traffic, transport: Probe.Transport, port: UInt16)

    /// What is tried between pods.
    private static let kinds: [Kind] = ports.flatMap { port -> [Kind] in
        [(.port(.tcp, port), .tcp, port), (.port(.udp, port), .udp, port), (.port(.sctp, port), .sctp, port)]
    }

    /// What is tried between pods and others.
    private static let kindsOfOthers: [Kind] = [(.port(.tcp, 80), .tcp, 80), (.port(.udp, 81), .udp, 81)]

    /// Every pair of which at least one is a pod, in both families.
    func table() -> [Cell] {
        let ends = ends()
        return ends.flatMap { from in
            ends.flatMap { to in
                from.isPod && to.isPod
                    ? cells(from, to, Self.kinds) : from.isPod || to.isPod ? cells(from, to, Self.kindsOfOthers) : []
            }
        }
    }

    private func ends() -> [End] {
        let strangers = Self.outside.compactMap { IPAddress($0) }.map { PolicyOracle.Endpoint.address($0) }
        let pods = world.pods.compactMap { PolicyOracle.Endpoint($0) }
        let nodes = cluster.nodes.map { PolicyOracle.Endpoint.node($0.name) }
        return (pods + nodes + strangers).map { endpoint in
            let site = "\(endpoint)"
            // Both addresses of the host outside answer with the name of the first.
            let isStranger = Self.outside.contains(site)
            return End(
                endpoint: endpoint, isPod: pods.contains(endpoint), site: site,
                answerer: isStranger ? Self.outside[0] : site,
                addresses: world.oracle.addresses(of: endpoint).map { ($0.family, "\($0)") })
        }
    }

    private func cells(_ from: End, _ to: End, _ kinds: [Kind]) -> [Cell] {
        to.addresses.flatMap { family, address in
            kinds.compactMap { traffic, transport, port in
                guard let judgement = world.oracle.judge(from: from.endpoint, to: to.endpoint, traffic, family: family)
                else { return nil }
                let probe = Probe(from: from.site, to: address, transport, port)
                return Cell(
                    expectation: ProbeExpectation(probe, isAnswered: judgement.isAllowed, by: to.answerer),
                    judgement: judgement)
            }
        }
    }

    /// Waits until packets agree with the oracle, then tries every cell once more to be sure.
    ///
    /// - Returns: the cells that do not agree in the end, a line for each.
    mutating func disagreements(within limit: Duration = .seconds(10)) async throws -> [String] {
        let table = table()
        let expectations = table.map(\.expectation)
        // What is to change shows soonest that it has; where nothing is, the change has to be given some time.
        var awaited = Self.changes(from: known, to: expectations)
        known = expectations
        if awaited.isEmpty { try await Task.sleep(for: .milliseconds(100)) }
        let clock = ContinuousClock()
        let end = clock.now + limit
        var wrong: [ProbeDisagreement] = []
        repeat {
            while try await !matrix.judge(awaited, patience: .milliseconds(50)).isEmpty, clock.now < end {
                try await Task.sleep(for: .milliseconds(5))
            }
            wrong = try await matrix.disagreements(expectations, patience: .milliseconds(120))
            awaited = wrong.map(\.expectation)
        } while !wrong.isEmpty && clock.now < end
        guard !wrong.isEmpty else { return [] }
        let judgements = Dictionary(table.map { ($0.expectation.probe, $0.judgement) }) { first, _ in first }
        return wrong.map { disagreement in
            let judgement = judgements[disagreement.expectation.probe]
            return "\(disagreement)\(judgement.map { "; \($0)" } ?? "")"
        }
    }

    /// What is to be otherwise than it was; all where other pods are there.
    private static func changes(
        from old: [ProbeExpectation], to new: [ProbeExpectation]
    ) -> [ProbeExpectation] {
        guard old.count == new.count else { return new }
        return zip(old, new).filter { $0 != $1 }.map { $1 }
    }
}
