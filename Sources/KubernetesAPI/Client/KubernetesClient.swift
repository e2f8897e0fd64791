import FoundationEssentials
public import HTTPTransfer
public import Logging

/// A client of the Kubernetes API: reads, watches and writes objects of it.
///
/// Every request reads the token and, for a new connection, the certificates anew.
public final class KubernetesClient: Sendable {
    /// Where the API server is.
    public let configuration: KubernetesConfiguration
    let timing: KubernetesTiming
    let logger: Logger
    private let http: HTTPClient
    private let agent: String

    /// A client; it does nothing before it is asked.
    ///
    /// - Parameter agent: how it introduces itself, for the API server's log: `romana-agent/1.0`.
    public init(
        _ configuration: KubernetesConfiguration, agent: String = "romana",
        timing: KubernetesTiming = KubernetesTiming(),
        http: HTTPClient = HTTPClient(), logger: Logger
    ) {
        self.configuration = configuration
        self.agent = agent
        self.timing = timing
        self.http = http
        self.logger = logger
    }

    /// Follows all objects that are selected: first what is there, then every change, without end.
    public func watch<Object: KubernetesResource>(
        _ type: Object.Type = Object.self, namespace: String? = nil, fieldSelector: String? = nil,
        labelSelector: String? = nil
    ) -> KubernetesWatch<Object> {
        KubernetesWatch(
            self,
            ObjectSelection(namespace: namespace, fieldSelector: fieldSelector, labelSelector: labelSelector))
    }

    /// Ends everything under way; whatever is asked later fails at once.
    public func shutdown() { http.shutdown() }

    // MARK: - Requests

    func request(
        _ method: String, _ path: String, query: [(String, String)] = [], body: [UInt8]? = nil,
        type: String = "application/json"
    ) throws(KubernetesAPIError) -> HTTPRequest {
        let pairs = query.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
        var headers = try configuration.credentials()
        headers += [("Accept", "application/json"), ("User-Agent", agent)]
        if body != nil { headers.append(("Content-Type", type)) }
        return HTTPRequest(
            method: method, url: "\(configuration.server)\(path)\(pairs.isEmpty ? "" : "?\(pairs)")", headers: headers,
            body: body, timeout: timing.call, tls: configuration.tls, maximumBodySize: timing.largestAnswer)
    }

    /// The body of an answer that grants what was asked.
    func send(_ request: HTTPRequest) async throws(KubernetesAPIError) -> [UInt8] {
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw KubernetesAPIError(error)
        }
        guard (200..<300).contains(response.status) else {
            throw KubernetesAPIError(request, response.status, response.body)
        }
        return response.body
    }

    /// The body of an answer that grants what was asked, as it comes.
    func stream(_ request: HTTPRequest) async throws(KubernetesAPIError) -> HTTPBody {
        do {
            let (head, body) = try await http.stream(request)
            guard (200..<300).contains(head.status) else {
                var said: [UInt8] = []
                for try await piece in body where said.count < 1 << 16 { said += piece }
                throw KubernetesAPIError(request, head.status, said)
            }
            return body
        } catch let error as KubernetesAPIError {
            throw error
        } catch let error as HTTPTransferError {
            throw KubernetesAPIError(error)
        } catch {
            throw KubernetesAPIError(.other, "\(error)")
        }
    }

    func decode<Value: Decodable>(
        _ type: Value.Type, _ bytes: [UInt8], _ request: HTTPRequest
    ) throws(KubernetesAPIError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw KubernetesAPIError(
                .other, "\(request.method) \(request.url): the answer makes no sense: \(DecodingProblem(error))")
        }
    }
}
