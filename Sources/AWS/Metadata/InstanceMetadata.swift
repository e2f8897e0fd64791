import FoundationEssentials
import HTTPTransfer

/// What the instance that we run on says of itself (IMDS, version 2).
actor InstanceMetadata {
    private let base: String?
    private let http: HTTPClient
    private let pause: Duration
    private var token: String?

    /// How long a token is good for, in seconds, and how long and how often an answer is waited for.
    private static let (life, patience, attempts) = ("21600", Duration.seconds(2), 3)
    private static let usual = "http://169.254.169.254"

    private struct RoleKeys: Decodable {
        var AccessKeyId: String
        var SecretAccessKey: String
        var Token: String
        var Expiration: String
    }

    init(environment: Environment, http: HTTPClient, pause: Duration = .milliseconds(200)) {
        if environment("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" {
            base = nil
        } else if let given = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT"), !given.isEmpty {
            base = given.hasSuffix("/") ? String(given.dropLast()) : given
        } else {
            let isV6 = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased() == "ipv6"
            base = isV6 ? "http://[fd00:ec2::254]" : Self.usual
        }
        self.http = http
        self.pause = pause
    }

    /// The region of the instance.
    func region() async throws(AWSError) -> String {
        try await text("meta-data/placement/region", for: "the region")
    }

    /// The VPC of the instance's primary interface.
    func vpcID() async throws(AWSError) -> String {
        let address = try await text("meta-data/mac", for: "the VPC")
        return try await text("meta-data/network/interfaces/macs/\(address)/vpc-id", for: "the VPC")
    }

    /// Keys of the instance's role; nil where it has none, or nobody answers.
    func credentials() async throws(AWSError) -> AWSCredentials? {
        guard base != nil else { return nil }
        let folder = "meta-data/iam/security-credentials/"
        let role: String
        do {
            role = try await text(folder, for: "the role")
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        guard let name = role.split(whereSeparator: \.isNewline).first else { return nil }
        let said = try await text(folder + name, for: "the role's credentials")
        guard let keys = try? JSONDecoder().decode(RoleKeys.self, from: Data(said.utf8)),
            let end = RequestTime(keys.Expiration)
        else { throw AWSError(.garbled, "ask the instance for the credentials of \(name): its answer has none") }
        return AWSCredentials(
            accessKeyID: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.Token,
            expiration: end.seconds)
    }

    // MARK: - Asking

    private func text(_ path: String, for subject: String) async throws(AWSError) -> String {
        let operation = "ask the instance for \(subject)"
        guard let base else { throw AWSError(.configuration, "\(operation): AWS_EC2_METADATA_DISABLED says not to") }
        var attempt = 1
        while true {
            do throws(AWSError) {
                let token = try await currentToken(base, operation)
                let response = try await http.answer(
                    request("GET", "\(base)/latest/\(path)", ("X-aws-ec2-metadata-token", token)), operation)
                switch response.status {
                case 200: return String(decoding: response.body, as: UTF8.self)
                case 401:
                    self.token = nil
                    throw AWSError(.unavailable, "\(operation): the token is not good any more")
                case 404: throw AWSError(.notFound, "\(operation): it has none (404)")
                default: throw AWSError(.unavailable, "\(operation): status \(response.status)")
                }
            } catch {
                guard error.code == .unavailable, attempt < Self.attempts else { throw error }
                attempt += 1
                try? await Task.sleep(for: pause)
                if Task.isCancelled { throw AWSError(.cancelled, "\(operation): cancelled") }
            }
        }
    }

    private func currentToken(_ base: String, _ operation: String) async throws(AWSError) -> String {
        if let token { return token }
        let response = try await http.answer(
            request("PUT", "\(base)/latest/api/token", ("X-aws-ec2-metadata-token-ttl-seconds", Self.life)), operation)
        guard response.status == 200 else {
            throw AWSError(.unavailable, "\(operation): it gives no token (status \(response.status))")
        }
        let token = String(decoding: response.body, as: UTF8.self).filter { !$0.isWhitespace }
        // It goes into a header: plain text only.
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw AWSError(.garbled, "\(operation): what it gives is no token")
        }
        self.token = token
        return token
    }

    private func request(_ method: String, _ url: String, _ field: (String, String)) -> HTTPRequest {
        HTTPRequest(
            method: method, url: url, headers: [field], body: method == "PUT" ? [] : nil, timeout: Self.patience,
            maximumBodySize: 1 << 16)
    }
}
