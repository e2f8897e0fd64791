/// What was asked of a kube-apiserver, by its own record.
public struct KubernetesAudit: Sendable {
    /// What service accounts asked for and got, as `list networking.k8s.io/networkpolicies`, by account.
    public private(set) var uses: [String: Set<String>] = [:]
    /// What was refused for want of a permission: who, and what.
    public private(set) var refusals: Set<String> = []

    /// What is recorded: everything that service accounts ask, without what was said.
    static let policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: Metadata
          userGroups: ["system:serviceaccounts"]
        - level: None

        """

    private struct Record: Decodable {
        struct User: Decodable { let username: String }
        struct Object: Decodable {
            let resource: String?
            let subresource: String?
            let apiGroup: String?
        }
        struct Answer: Decodable { let code: Int? }
        let verb: String
        let requestURI: String
        let user: User
        let objectRef: Object?
        let responseStatus: Answer?
    }

    init(_ text: String) throws(TestbedError) {
        for line in text.split(separator: "\n") {
            let record = try JSON.decode(Record.self, from: String(line), of: "kube-apiserver's audit")
            let account = record.user.username.split(separator: ":").last.map(String.init) ?? ""
            let resource = [record.objectRef?.resource, record.objectRef?.subresource].compactMap { $0 }
            let use =
                record.objectRef?.resource == nil
                ? "\(record.verb) \(record.requestURI)"
                : "\(record.verb) \(record.objectRef?.apiGroup ?? "")/\(resource.joined(separator: "/"))"
            if record.responseStatus?.code == 403 { refusals.insert("\(account): \(use)") }
            uses[account, default: []].insert(use)
        }
    }
}

extension KubernetesAPIServer {
    var auditFile: String { "\(folder)/audit.log" }

    /// What service accounts have asked so far.
    public func audit() throws(TestbedError) -> KubernetesAudit {
        guard let text = TextFile.read(auditFile) else { throw TestbedError("kube-apiserver has no audit log") }
        // The last line may still be on its way.
        return try KubernetesAudit(String(text.prefix(upTo: text.lastIndex(of: "\n") ?? text.startIndex)))
    }

    /// Has everything recorded that service accounts ask.
    var auditOptions: [String] {
        [
            "--audit-policy-file", "\(folder)/audit-policy.yaml", "--audit-log-path", auditFile, "--audit-log-mode",
            "blocking",
        ]
    }
}
