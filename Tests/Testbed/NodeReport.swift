/// What an agent says of itself through its socket.
public struct NodeReport: Decodable, Sendable, Hashable {
    /// One attachment.
    public struct Attachment: Decodable, Sendable, Hashable {
        public let containerID: String
        public let ifname: String
        public let network: String
        public let veth: String
        public let addresses: [String]
    }
    /// One block that the node owns.
    public struct Block: Decodable, Sendable, Hashable {
        public let cidr: String
        public let network: String
        public let tenant: String
        public let segment: String
        public let allocated: Int
        public let capacity: Int
    }
    /// One route to another node.
    public struct Route: Decodable, Sendable, Hashable {
        public let prefix: String
        public let via: String
        public let host: String
        public let state: String
    }
    public let node: String
    public let ready: Bool
    public let problem: String?
    public let attachments: [Attachment]
    public let blocks: [Block]
    public let routes: [Route]
    /// The sources by name, and whether each is reachable.
    public let sources: [String: Bool]
}
