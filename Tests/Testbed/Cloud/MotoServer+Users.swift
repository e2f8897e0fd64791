extension MotoServer {
    /// The keys of a user or a role.
    public struct Keys: Sendable, Hashable {
        /// `AKIA...`.
        public var id: String
        /// What signatures are made with.
        public var secret: String

        /// Keys; any will do where nobody demands signatures.
        public init(id: String, secret: String) {
            self.id = id
            self.secret = secret
        }

        /// What programs are told of them, by their environment.
        public var environment: [String: String] {
            ["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": MotoServer.region]
        }
    }

    /// A policy that allows everything.
    public static let allowsAll =
        #"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#

    /// Makes a user who may do what a policy says, and gives his keys.
    public func makeUser(_ name: String, policy: String) async throws(TestbedError) -> Keys {
        try await call("CreateUser", ["UserName": name], service: "iam")
        try await call(
            "PutUserPolicy", ["UserName": name, "PolicyName": name, "PolicyDocument": policy], service: "iam")
        let text = try await call("CreateAccessKey", ["UserName": name], service: "iam")
        guard let id = text.elements("AccessKeyId").first, let secret = text.elements("SecretAccessKey").first else {
            throw TestbedError("moto made no keys: \(text)")
        }
        return Keys(id: id, secret: secret)
    }

    /// Makes a role for web identities that may do what a policy says, and gives its ARN.
    public func makeRole(_ name: String, policy: String) async throws(TestbedError) -> String {
        let trust = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "*"},
             "Action": "sts:AssumeRoleWithWebIdentity"}]}
            """
        let text = try await call(
            "CreateRole", ["RoleName": name, "AssumeRolePolicyDocument": trust], service: "iam")
        try await call(
            "PutRolePolicy", ["RoleName": name, "PolicyName": name, "PolicyDocument": policy], service: "iam")
        guard let arn = text.elements("Arn").first else { throw TestbedError("moto made no role: \(text)") }
        return arn
    }
}
