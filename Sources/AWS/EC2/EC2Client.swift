public import HTTPTransfer
public import Logging

/// Asks EC2 itself, by its query API.
public final class EC2Client: Sendable {
    let configuration: AWSConfiguration
    private let http: HTTPClient
    private let session: AWSSession
    private let pacer = CallPacer()
    private let logger: Logger

    /// The version of the API that requests are written for.
    static let version = "2016-11-15"
    /// The longest answer that is taken.
    private static let longest = 32 << 20

    /// A client; it asks nobody before it is asked.
    public init(_ configuration: AWSConfiguration, http: HTTPClient = HTTPClient(), logger: Logger) {
        self.configuration = configuration
        self.http = http
        self.logger = logger
        session = AWSSession(configuration, http: http, logger: logger)
    }

    /// Whether calls that would change something are only tried for permission.
    public var isDryRun: Bool { configuration.isDryRun }

    /// Every action's calls so far, by its name.
    public var counts: [String: AWSCallCount] { pacer.counts }

    /// The region that is asked.
    public func region() async throws(AWSError) -> String { try await session.currentRegion() }

    /// The VPC that we were told, or that the instance which we run on is in.
    public func vpcID() async throws(AWSError) -> String { try await session.currentVPC() }

    /// Ends everything under way; whatever is asked later fails at once.
    public func shutdown() { http.shutdown() }

    // MARK: - Calls

    /// Calls an action until it is answered, refused, or has failed too often.
    ///
    /// - Parameters:
    ///   - request: the action with its parameters.
    ///   - subject: what it is about, for errors: ` on eni-1`.
    ///   - settled: the failure that says, after an attempt whose outcome is not known, that it had worked.
    func call(
        _ request: QueryRequest, subject: String = "", settled: AWSError.Code? = nil
    ) async throws(AWSError) -> QueryAnswer? {
        let operation = "call \(request.action)\(subject)"
        var pause = RetryPause(configuration.timing)
        var isUncertain = false
        var hasNewCredentials = false
        var hasNewTime = false
        while true {
            let credentials = try await session.credentials()
            let offset = session.clock.offset
            do throws(AWSError) {
                return try await attempt(request, operation, credentials)
            } catch {
                switch error.code {
                case _ where isUncertain && error.code == settled: return nil
                case .credentials where !hasNewTime && error.mayBlameClock && session.clock.offset != offset:
                    // The keys may be right: it was signed with a wrong time.
                    hasNewTime = true
                    continue
                case .credentials where !hasNewCredentials && error.name != "":
                    // Keys may have been replaced before their time.
                    await session.forget(credentials)
                    hasNewCredentials = true
                    continue
                case .throttled: break
                case .unavailable, .garbled: isUncertain = true
                default: throw error
                }
                guard let wait = pause.next(jitter: .random(in: 0...1)) else { throw error }
                logger.debug("\(error); again in \(wait)")
                guard (try? await Task.sleep(for: wait)) != nil else {
                    throw AWSError(.cancelled, "\(operation): cancelled after: \(error)")
                }
            }
        }
    }

    /// One request, once its action's bucket allows it.
    private func attempt(
        _ request: QueryRequest, _ operation: String, _ credentials: AWSCredentials
    ) async throws(AWSError) -> QueryAnswer {
        let endpoint = try await session.endpoint("ec2")
        let region = try await session.currentRegion()
        let wait = pacer.take(request.action, at: .now)
        if wait > .zero {
            logger.debug("\(operation): waits \(wait), to ask no more than AWS takes")
            guard (try? await Task.sleep(for: wait)) != nil else {
                throw AWSError(.cancelled, "\(operation): cancelled")
            }
        }
        let signature = Signature(credentials: credentials, region: region, service: "ec2")
        do throws(AWSError) {
            let answer = try await exchange(request, operation, endpoint, signature)
            pacer.note(request.action, nil, at: .now)
            return answer
        } catch {
            pacer.note(request.action, error.isRehearsal ? nil : error.code, at: .now)
            throw error
        }
    }

    /// Signs a request, sends it, and reads the answer.
    private func exchange(
        _ request: QueryRequest, _ operation: String, _ endpoint: AWSEndpoint, _ signature: Signature
    ) async throws(AWSError) -> QueryAnswer {
        let body = request.body
        let headers = signature.signed(
            SignableRequest(
                headers: [("Host", endpoint.host), ("Content-Type", QueryRequest.contentType)], body: body),
            at: RequestTime(seconds: session.clock.seconds))
        let response = try await http.answer(
            HTTPRequest(
                method: "POST", url: endpoint.url, headers: headers + [("User-Agent", configuration.agent)],
                body: body, timeout: configuration.timing.patience, maximumBodySize: Self.longest,
                usesProxyEnvironment: true), operation)
        do throws(AWSError) {
            return try QueryAnswer(operation, response)
        } catch {
            if error.mayBlameClock, let date = response.date { session.clock.learn(date) }
            throw error
        }
    }
}

extension AWSError {
    /// Whether AWS says that the call would have worked, had it not been a dry run.
    var isRehearsal: Bool { name == "DryRunOperation" }
}
