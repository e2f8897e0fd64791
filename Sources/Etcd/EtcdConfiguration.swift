/// Where etcd is and how to speak to it.
public struct EtcdConfiguration: Sendable {
    /// The members: `http://127.0.0.1:2379`, `https://etcd-1:2379`, or `host:port`.
    ///
    /// Without a scheme it is TLS if any of the files below is named; the port is 2379 if left out. Every client
    /// starts at a random member, so that many clients spread out.
    public var endpoints: [String]
    /// The PEM file of the authorities that sign the members' certificates; nil for those of the system.
    public var caFile: String?
    /// The PEM file of the client's own certificate (with its chain); needs ``keyFile``.
    public var certificateFile: String?
    /// The PEM file of the client's private key.
    public var keyFile: String?
    /// The name that a member's certificate must carry, if it is not the host of its endpoint.
    public var serverName: String?
    /// The etcd user, if etcd's authentication is on and certificates do not name the user.
    public var username: String?
    /// The user's password.
    public var password: String?
    /// The longest that any call takes, including the wait for a connection and all repetitions.
    public var requestTimeout: Duration
    /// The longest that connecting to one endpoint takes, up to its first answer.
    public var dialTimeout: Duration

    /// Says where etcd is; everything but the endpoints has a default.
    public init(
        endpoints: [String],
        caFile: String? = nil,
        certificateFile: String? = nil,
        keyFile: String? = nil,
        serverName: String? = nil,
        username: String? = nil,
        password: String? = nil,
        requestTimeout: Duration = .seconds(5),
        dialTimeout: Duration = .seconds(2)
    ) {
        self.endpoints = endpoints
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
        self.username = username
        self.password = password
        self.requestTimeout = requestTimeout
        self.dialTimeout = dialTimeout
    }

    var namesCertificates: Bool { caFile != nil || certificateFile != nil || keyFile != nil }
}
