import FoundationEssentials
public import HTTPTransfer

/// What the instance that we run on says of itself, by the second version of its service: a token first, then values.
public actor InstanceMetadata {
    private let endpoint: MetadataEndpoint
    private let http: HTTPClient
    private let patience: Duration
    private let pause: Duration
    private var token: String?

    /// How long a token is good for, in seconds, and how often an answer is asked for.
    private static let (life, attempts) = ("21600", 3)

    private struct RoleKeys: Decodable {
        var AccessKeyId: String
        var SecretAccessKey: String
        var Token: String
        var Expiration: String
    }

    /// The metadata of the instance whose service is there; nobody is asked yet.
    ///
    /// - Parameters:
    ///   - endpoint: where the service is.
    ///   - http: what asks.
    ///   - patience: how long one answer may take.
    ///   - pause: how long to wait after a failure that may pass.
    public init(
        _ endpoint: MetadataEndpoint, http: HTTPClient = HTTPClient(), patience: Duration = .seconds(2),
        pause: Duration = .milliseconds(200)
    ) {
        self.endpoint = endpoint
        self.http = http
        self.patience = patience
        self.pause = pause
    }

    /// The region of the instance.
    public func region() async throws(AWSError) -> String {
        try await word("meta-data/placement/region", for: "the region")
    }

    /// The region of the instance, and its zone there.
    public func place() async throws(AWSError) -> InstancePlace {
        let region = try await region()
        let zone = try await word("meta-data/placement/availability-zone", for: "the zone")
        guard zone.hasPrefix(region), zone != region else {
            throw AWSError(
                .garbled,
                "ask the instance for its place: \(endpoint.url ?? "") names the zone \(zone), "
                    + "which is none of its region \(region)")
        }
        return InstancePlace(region: region, zone: zone)
    }

    /// The VPC of the instance's primary interface.
    public func vpcID() async throws(AWSError) -> String {
        let address = try await word("meta-data/mac", for: "the VPC")
        return try await word("meta-data/network/interfaces/macs/\(address)/vpc-id", for: "the VPC")
    }

    /// Keys of the instance's role; nil where it has none, or is not to be asked.
    func credentials() async throws(AWSError) -> AWSCredentials? {
        guard endpoint.url != nil else { return nil }
        let folder = "meta-data/iam/security-credentials/"
        let role: String
        do {
            role = try await text(folder, for: "the role")
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        guard let name = role.split(whereSeparator: \.isNewline).first.flatMap({ Self.plain($0) }) else { return nil }
        let said = try await text(folder + name, for: "the role's credentials")
        guard let keys = try? JSONDecoder().decode(RoleKeys.self, from: Data(said.utf8)),
            let end = RequestTime(keys.Expiration)
        else { throw AWSError(.garbled, "ask the instance for the credentials of \(name): its answer has none") }
        return AWSCredentials(
            accessKeyID: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.Token,
            expiration: end.seconds)
    }

    // MARK: - Asking

    /// A value that goes into names, paths and requests.
    private func word(_ path: String, for subject: String) async throws(AWSError) -> String {
        let said = try await text(path, for: subject)
        guard let word = Self.plain(said[...]) else {
            throw AWSError(
                .garbled, "ask the instance for \(subject): GET \(endpoint.url ?? "")/latest/\(path) answers with none")
        }
        return word
    }

    private func text(_ path: String, for subject: String) async throws(AWSError) -> String {
        let operation = "ask the instance for \(subject)"
        guard let base = endpoint.url else {
            throw AWSError(.configuration, "\(operation): AWS_EC2_METADATA_DISABLED says not to")
        }
        var attempt = 1
        while true {
            do throws(AWSError) {
                return try await text("\(base)/latest/\(path)", try await currentToken(base, operation), operation)
            } catch {
                guard error.code == .unavailable, attempt < Self.attempts else { throw error }
                attempt += 1
                guard (try? await Task.sleep(for: pause)) != nil else {
                    throw AWSError(.cancelled, "\(operation): cancelled after: \(error)")
                }
            }
        }
    }

    private func text(_ url: String, _ token: String, _ operation: String) async throws(AWSError) -> String {
        let response = try await http.answer(request("GET", url, ("X-aws-ec2-metadata-token", token)), operation)
        let said = "\(operation): GET \(url) answers \(response.status)"
        switch response.status {
        case 200: return String(decoding: response.body, as: UTF8.self)
        case 401:
            // Somebody else may have a new one already.
            if self.token == token { self.token = nil }
            throw AWSError(.unavailable, "\(said): the token is not good any more")
        case 404: throw AWSError(.notFound, "\(said): it has none")
        default: throw AWSError(.unavailable, said)
        }
    }

    private func currentToken(_ base: String, _ operation: String) async throws(AWSError) -> String {
        if let token { return token }
        let url = "\(base)/latest/api/token"
        let response: HTTPResponse
        do {
            response = try await http.send(
                request("PUT", url, ("X-aws-ec2-metadata-token-ttl-seconds", Self.life)))
        } catch {
            // Packets with tokens go as many hops as the instance's owner says: one, unless he says otherwise.
            let hint =
                error.code == .timeout
                ? "; a pod with a network of its own gets an answer only if the instance's hop limit is 2 or more" : ""
            let failure = AWSError(error, operation)
            throw AWSError(failure.code, failure.description + hint)
        }
        let said = "\(operation): PUT \(url) answers \(response.status)"
        guard response.status == 200 else {
            let hint = response.status == 403 ? ": the instance's owner may have turned its metadata off" : ""
            throw AWSError(.unavailable, said + hint)
        }
        // It goes into a header.
        guard let token = Self.plain(String(decoding: response.body, as: UTF8.self)[...]) else {
            throw AWSError(.garbled, "\(said), but with no token")
        }
        self.token = token
        return token
    }

    private func request(_ method: String, _ url: String, _ field: (String, String)) -> HTTPRequest {
        HTTPRequest(
            method: method, url: url, headers: [field], body: method == "PUT" ? [] : nil, timeout: patience,
            maximumBodySize: 1 << 16)
    }

    /// One word of plain text, without blanks around it; nil for anything else.
    private static func plain(_ text: Substring) -> String? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, words[0].utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        return String(words[0])
    }
}
