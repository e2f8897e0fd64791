/// A place where credentials may be had.
protocol CredentialSource: Sendable {
    /// What it is called in messages: `the environment`.
    var name: String { get }

    /// Credentials that are good from now on; nil where the source is not set up.
    func credentials() async throws(AWSError) -> AWSCredentials?
}

/// Variables of the environment, by their names.
typealias Environment = @Sendable (_ name: String) -> String?

/// Keys in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialSource {
    let name = "the environment"
    let environment: Environment

    func credentials() -> AWSCredentials? {
        guard let id = environment("AWS_ACCESS_KEY_ID"), !id.isEmpty,
            let secret = environment("AWS_SECRET_ACCESS_KEY"), !secret.isEmpty
        else { return nil }
        let token = environment("AWS_SESSION_TOKEN") ?? ""
        return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token.isEmpty ? nil : token)
    }
}

/// Keys of the role of the instance that we run on.
struct InstanceCredentials: CredentialSource {
    let name = "the role of the instance"
    let metadata: InstanceMetadata

    func credentials() async throws(AWSError) -> AWSCredentials? { try await metadata.credentials() }
}
