/// The configuration of one network as a plugin gets it on standard input (CNI spec 1.1, section 1 and 3).
public struct NetworkConfig: Sendable {
    /// The version that the runtime speaks; always one that is served.
    public let cniVersion: CNIVersion
    /// The versions that the file offers besides, as written.
    public let cniVersions: [String]
    /// The name of the network, to which GC is limited.
    public let name: String
    /// The name of the plugin's binary.
    public let type: String
    /// The agent's socket.
    public let agentSocket: String
    /// The MTU of pod interfaces, nil when the agent is to choose.
    public let mtu: Int?
    /// The result of the plugin before, or of the ADD that a CHECK or DEL is about.
    public let prevResult: JSONValue?
    /// The attachments that GC must keep, nil when the runtime named none; an explicit `null` is an empty list.
    public let validAttachments: [Attachment]?
    /// What the runtime supplies for the capabilities.
    public let runtimeConfig: JSONValue?
    /// The capabilities that the file turns on.
    public let capabilities: [String]
    /// The whole document.
    public let raw: JSONValue

    /// An attachment that the runtime still knows.
    public struct Attachment: Hashable, Sendable {
        /// The container.
        public let containerID: String
        /// The name of the interface inside it.
        public let ifname: String

        /// Names an attachment.
        public init(containerID: String, ifname: String) {
            self.containerID = containerID
            self.ifname = ifname
        }
    }

    /// Reads a configuration: code 6 for what is not the JSON it should be, 1 for a version that is not served,
    /// 7 for values that make no sense.
    public init(parsing bytes: [UInt8]) throws(CNIError) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw CNIError(.decoding, "the network config is not JSON", details: error.description)
        }
        guard case .object = document else {
            throw CNIError(.decoding, "the network config is \(document.kind), not an object")
        }
        let fields = ConfigFields(document: document)
        raw = document
        cniVersion = try fields.version()
        cniVersions = try fields.strings("cniVersions") ?? []
        name = try fields.networkName()
        type = try fields.string("type") ?? ""
        agentSocket = try fields.socketPath("agentSocket") ?? AgentSocket.defaultPath
        mtu = try fields.mtu()
        prevResult = try fields.object("prevResult")
        runtimeConfig = try fields.object("runtimeConfig")
        capabilities = try fields.flags("capabilities")
        validAttachments = try fields.attachments()
    }
}
