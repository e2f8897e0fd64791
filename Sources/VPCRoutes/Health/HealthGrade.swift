/// How a host is, as far as its taking routes goes; the later the better.
public enum HealthGrade: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// It does not answer, which others do, or which another witness confirms: its routes leave it.
    case down
    /// It does not answer, and no other does: that may be us, so nothing is done about it.
    case unclear
    /// It was not asked yet.
    case unknown
    /// It answers, but its agent's lease is gone or its node is not ready.
    case questionable
    /// It has begun to answer again not long ago.
    case recovering
    /// It answers.
    case healthy

    /// The worse sorts first.
    public static func < (left: HealthGrade, right: HealthGrade) -> Bool { left.rawValue < right.rawValue }

    /// Whether a route may stay with it.
    public var mayStay: Bool { self != .down }

    /// How it is called in reports.
    public var text: String { "\(self)" }
}
