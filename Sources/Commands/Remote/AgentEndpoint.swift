import CNIProtocol
import HTTPTransfer

/// Where an agent tells the state of its node.
enum AgentEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// Its socket, on the node itself.
    case socket(String)
    /// The root of the URLs of its health port, from anywhere.
    case url(String)

    /// How long an agent may take.
    static let patience = Duration.seconds(10)
    /// A node with very many routes has much to tell.
    private static let largestAnswer = 64 << 20

    /// The path or the URL.
    var description: String {
        switch self {
        case .socket(let path): path
        case .url(let url): url
        }
    }

    /// What the agent says of its node.
    func state(_ client: HTTPClient) async -> Result<NodeState, CommandError> {
        let answer: Result<[UInt8], CommandError>
        switch self {
        case .socket(let path): answer = await AgentConversation(path: path).answer(limit: Self.largestAnswer)
        case .url(let url): answer = await Self.ask(url + "/v1/node", client)
        }
        return answer.flatMap { bytes in
            do throws(JSONError) {
                return .success(NodeState(try JSONValue(parsing: bytes)))
            } catch {
                return .failure(CommandError("the answer is not JSON: \(error)"))
            }
        }.mapError { CommandError("ask the agent at \(self): \($0)", kind: $0.kind) }
    }

    /// The answer to `GET url`.
    static func ask(_ url: String, _ client: HTTPClient) async -> Result<[UInt8], CommandError> {
        let request = HTTPRequest(
            url: url, headers: [("Accept", "application/json")], timeout: patience,
            maximumBodySize: largestAnswer)
        do throws(HTTPTransferError) {
            let response = try await client.send(request)
            guard response.status == 200 else {
                return .failure(CommandError("it answered with status \(response.status)"))
            }
            return .success(response.body)
        } catch {
            return .failure(CommandError(error.message, kind: .unreachable))
        }
    }
}

extension AgentEndpoint {
    /// The agent of a host as `GET /v1/hosts` tells of it.
    init(host: JSONValue, port: UInt16) {
        let address = host["ip"].shown
        self = .url("http://\(address.contains(":") ? "[\(address)]" : address):\(port)")
    }
}
