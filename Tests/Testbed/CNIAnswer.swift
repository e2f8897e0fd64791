/// What the CNI binary answered.
public struct CNIAnswer: Sendable, CustomStringConvertible {
    /// The JSON object on its standard output: a result, an error or a list of versions.
    public struct Document: Decodable, Sendable, Hashable {
        /// One interface of a result.
        public struct Interface: Decodable, Sendable, Hashable {
            /// Its name.
            public let name: String
            /// The namespace it is in; nil for the node's.
            public let sandbox: String?
        }
        /// One address of a result.
        public struct Address: Decodable, Sendable, Hashable {
            /// `4` or `6`, before version 1.0.0.
            public let version: String?
            /// Address and prefix length.
            public let address: String
            /// The place of its interface in the list of them.
            public let interface: Int?
        }
        /// The version that the document follows.
        public let cniVersion: String?
        /// The code of an error.
        public let code: Int?
        /// The sentence of an error.
        public let msg: String?
        /// What VERSION lists.
        public let supportedVersions: [String]?
        /// The interfaces of a result.
        public let interfaces: [Interface]?
        /// The addresses of a result.
        public let ips: [Address]?
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
