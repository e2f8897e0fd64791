/// What an agent says of itself through its socket, as far as tests ask.
public struct NodeReport: Decodable, Sendable, Hashable {
    /// One attachment.
    public struct Attachment: Decodable, Sendable, Hashable {
        /// The sandbox.
        public let containerID: String
        /// The interface inside.
        public let ifname: String
        /// The link on the node.
        public let veth: String
        /// At most one of each family, without prefix lengths.
        public let addresses: [String]
    }
    /// One block that the node owns.
    public struct Block: Decodable, Sendable, Hashable {
        /// The block's prefix.
        public let cidr: String
        /// How many of its addresses are in use.
        public let allocated: Int
    }
    /// All attachments.
    public let attachments: [Attachment]
    /// All blocks, spares included.
    public let blocks: [Block]
}
