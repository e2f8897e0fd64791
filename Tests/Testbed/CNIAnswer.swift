/// What the CNI binary answered.
public struct CNIAnswer: Sendable, CustomStringConvertible {
    /// The JSON object on its standard output: a result, an error or a list of versions.
    public struct Document: Decodable, Sendable, Hashable {
        /// One interface of a result.
        public struct Interface: Decodable, Sendable, Hashable {
            public let name: String
            public let mac: String?
            public let mtu: Int?
            public let sandbox: String?
        }
        /// One address of a result.
        public struct Address: Decodable, Sendable, Hashable {
            public let version: String?
            public let address: String
            public let gateway: String?
            public let interface: Int?
        }
        /// One route of a result.
        public struct Route: Decodable, Sendable, Hashable {
            public let dst: String
            public let gw: String?
        }
        public let cniVersion: String?
        public let code: Int?
        public let msg: String?
        public let details: String?
        public let supportedVersions: [String]?
        public let interfaces: [Interface]?
        public let ips: [Address]?
        public let routes: [Route]?
    }

    /// How the binary ended and what it printed.
    public let result: CommandResult
    /// Its standard output as a document; nil when that is empty or not JSON.
    public let document: Document?

    init(_ result: CommandResult) {
        self.result = result
        document = try? JSON.decode(Document.self, from: result.text, of: "romana-cni")
    }

    /// Whether it returned 0.
    public var isSuccess: Bool { result.status.isSuccess }
    /// The error code of the CNI specification; nil for a success.
    public var code: Int? { document?.code }
    /// The addresses of a result, without their prefix lengths.
    public var addresses: [String] {
        (document?.ips ?? []).map { String($0.address.prefix { $0 != "/" }) }
    }

    /// The answer itself when the call succeeded, otherwise an error with all that was printed.
    @discardableResult
    public func checked() throws(TestbedError) -> CNIAnswer {
        guard isSuccess else {
            let command = result.program.environment?["CNI_COMMAND"] ?? "?"
            throw TestbedError("romana-cni \(command): \(self)")
        }
        return self
    }

    /// Exit status and everything printed.
    public var description: String {
        "\(result.status): \(result.text)\(result.errorText)"
    }
}
