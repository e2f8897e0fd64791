/// What the duty `aws` has done since it was elected.
public struct SourceDestReport: Hashable, Sendable {
    /// Whether all nodes were listed.
    public var isComplete = false
    /// Nodes that are instances of EC2.
    public var nodes = 0
    /// Of these, those whose interfaces carry pods' packets.
    public var settled = 0
    /// Why others do not, by their names.
    public var failures: [String: String] = [:]
    /// Nodes whose machines are no instances of EC2.
    public var strangers = 0
    /// Interfaces whose check was turned off.
    public var switched = 0
    /// When AWS was asked last and all went well: seconds since 1970; 0 before.
    public var lastPass: Int64 = 0
    /// Why AWS cannot be asked at the moment; nil if it can.
    public var problem: String?

    /// Nothing done yet.
    public init() {}

    /// Nodes that are still to be looked at.
    public var pending: Int { nodes - settled - failures.count }
}
