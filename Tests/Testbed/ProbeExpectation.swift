/// A probe, and whether it is to come through.
public struct ProbeExpectation: Sendable, Hashable {
    /// What is asked.
    public var probe: Probe
    /// Whether it is to be answered.
    public var isAnswered: Bool
    /// Who is to answer; nil when that does not matter.
    public var answerer: String?

    /// A probe that is to come through, to `answerer` if one is named, or is not to.
    public init(_ probe: Probe, isAnswered: Bool, by answerer: String? = nil) {
        self.probe = probe
        self.isAnswered = isAnswered
        self.answerer = answerer
    }

    /// Whether this is what was to be.
    func isMet(by outcome: ProbeOutcome) -> Bool {
        guard case .answered(let site) = outcome else { return !isAnswered }
        return isAnswered && (answerer == nil || site == nil || answerer == site)
    }
}

/// A probe that did not do what it was to do.
public struct ProbeDisagreement: Sendable, Hashable, CustomStringConvertible {
    /// What was to be.
    public let expectation: ProbeExpectation
    /// What was.
    public let outcome: ProbeOutcome

    /// Such as `x/a -> 10.112.0.3 tcp 80: answered by y/b, and should not be`.
    public var description: String {
        let wish =
            if expectation.isAnswered {
                "should be answered" + (expectation.answerer.map { " by \($0)" } ?? "")
            } else {
                "should not be answered"
            }
        return "\(expectation.probe): \(outcome), \(wish)"
    }
}

extension ProbeMatrix {
    /// Sends all probes at once, and once more those that did not do what they were to do: a busy machine is slow.
    ///
    /// - Returns: what disagreed both times.
    public func disagreements(
        _ expectations: [ProbeExpectation], patience: Duration = .milliseconds(200)
    ) async throws(TestbedError) -> [ProbeDisagreement] {
        let first = try await judge(expectations, patience: patience)
        guard !first.isEmpty else { return [] }
        return try await judge(first.map(\.expectation), patience: patience * 2)
    }

    /// Sends all probes at once.
    ///
    /// - Returns: what disagreed.
    public func judge(
        _ expectations: [ProbeExpectation], patience: Duration = .milliseconds(200)
    ) async throws(TestbedError) -> [ProbeDisagreement] {
        let outcomes = try await run(expectations.map(\.probe), patience: patience)
        return zip(expectations, outcomes).filter { !$0.isMet(by: $1) }.map(ProbeDisagreement.init)
    }
}
