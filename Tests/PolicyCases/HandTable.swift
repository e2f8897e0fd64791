public import Addresses
public import Policies

/// Who does not reach whom, written by hand: everybody else does.
///
/// A pair is `FROM > TO`, each of them `x/a`, or `*` in place of the namespace, of the name, or of both.
public struct HandTable: Sendable {
    /// The traffic that it is about; nil means all that is probed.
    public var traffic: [PolicyOracle.Traffic]?
    /// The family that it is about; nil means both.
    public var family: AddressFamily?
    /// Pairs that do not reach each other.
    public var blocked: [String]
    /// Pairs of those that do nevertheless.
    public var except: [String]

    /// A table; without pairs everybody reaches everybody.
    public init(
        _ traffic: [PolicyOracle.Traffic]? = nil, family: AddressFamily? = nil, blocked: [String] = [],
        except: [String] = []
    ) {
        self.traffic = traffic
        self.family = family
        self.blocked = blocked
        self.except = except
    }

    /// The judgements that say otherwise.
    public func mismatches(_ judgements: [Judgement]) -> [Judgement] {
        judgements.filter { judgement in
            guard traffic?.contains(judgement.traffic) ?? true, family == nil || family == judgement.family else {
                return false
            }
            return judgement.isAllowed == isBlocked("\(judgement.from)", "\(judgement.to)")
        }
    }

    private func isBlocked(_ from: String, _ to: String) -> Bool {
        // A pod always reaches itself.
        guard from != to else { return false }
        func covers(_ pair: String) -> Bool {
            let ends = pair.split(separator: " ")
            return ends.count == 3 && Self.covers(ends[0], from) && Self.covers(ends[2], to)
        }
        return blocked.contains(where: covers) && !except.contains(where: covers)
    }

    private static func covers(_ pattern: Substring, _ pod: String) -> Bool {
        if pattern == "*" { return true }
        let wanted = pattern.split(separator: "/")
        let parts = pod.split(separator: "/")
        guard wanted.count == 2, parts.count == 2 else { return false }
        return zip(wanted, parts).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
