import HTTPTransfer
import LinuxSystem

/// Keys of a role that STS lends for a token which the cluster gave to our service account.
struct WebIdentityCredentials: CredentialSource {
    let name = "the web identity"
    let environment: Environment
    let endpoint: AWSEndpoint
    let http: HTTPClient

    func credentials() async throws(AWSError) -> AWSCredentials? {
        guard let file = environment("AWS_WEB_IDENTITY_TOKEN_FILE"), !file.isEmpty,
            let role = environment("AWS_ROLE_ARN"), !role.isEmpty
        else { return nil }
        let session = environment("AWS_ROLE_SESSION_NAME").flatMap { $0.isEmpty ? nil : $0 } ?? "romana"
        let operation = "assume role \(role)"
        var query = QueryRequest("AssumeRoleWithWebIdentity", version: "2011-06-15")
        query.add("RoleArn", role)
        query.add("RoleSessionName", session)
        query.add("WebIdentityToken", try token(file))
        // The token proves who we are: the request is not signed.
        let request = HTTPRequest(
            method: "POST", url: endpoint.url, headers: [("Content-Type", QueryRequest.contentType)], body: query.body,
            timeout: .seconds(10), maximumBodySize: 1 << 20, usesProxyEnvironment: true)
        let response = try await http.answer(request, operation)
        let answer = try QueryAnswer(operation, response)
        let keys = answer["AssumeRoleWithWebIdentityResult"]?["Credentials"]
        guard let keys, let id = keys.text("AccessKeyId"), let secret = keys.text("SecretAccessKey"),
            let session = keys.text("SessionToken"), let end = keys.text("Expiration").flatMap(RequestTime.init)
        else { throw AWSError(.garbled, "\(operation): STS answers without credentials") }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: secret, sessionToken: session, expiration: end.seconds)
    }

    /// The token, read anew every time, since the cluster replaces it.
    private func token(_ file: String) throws(AWSError) -> String {
        do {
            let text = String(decoding: try FileSystem.readFile(file, limit: 1 << 16), as: UTF8.self)
            return String(text.split { $0.isWhitespace }.joined())
        } catch {
            throw AWSError(.credentials, "read the web identity token: \(error)")
        }
    }
}
