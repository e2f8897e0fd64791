/// What one has answered.
public struct ProbeAnswer: Hashable, Sendable {
    /// Who.
    public var subject: ProbeSubject
    /// When it was asked what it answers; nil where the question was given up before.
    public var asked: ContinuousClock.Instant?

    /// An answer.
    public init(_ subject: ProbeSubject, asked: ContinuousClock.Instant?) {
        self.subject = subject
        self.asked = asked
    }
}
