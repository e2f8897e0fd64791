import Addresses
import FoundationEssentials
import HTTPTransfer
import Topology

/// The daemon's REST interface, as the agent uses it; any daemon that answers will do.
struct DaemonClient: Sendable {
    /// A refusal by a daemon, or the last reason why none could be reached.
    struct Failure: Error, CustomStringConvertible {
        /// The HTTP status; nil when nobody answered.
        var status: Int?
        var description: String
    }

    let client: HTTPClient
    let access: DaemonAccess

    private struct GrantBody: Codable {
        var network: String
        var count: Int
        var request: String
    }

    private struct BlocksBody: Codable {
        var blocks: [BlockRecord]
    }

    private struct HostBody: Codable {
        var ip: String
        var name: String
        var addresses: [String]
        var tags: [String: String]?
        var kubernetes: [String: String]

        enum CodingKeys: String, CodingKey {
            case ip, name, addresses, tags
            case kubernetes = "k8s_info"
        }
    }

    private struct ErrorBody: Codable {
        var details: String
    }

    /// Asks for blocks; asking again with the same `request` gives the same blocks, and `id` is what logs call it.
    func grant(
        _ want: BlockWant, to node: String, request: String, id: String, from daemons: [String]
    ) async throws(Failure) -> [BlockRecord] {
        let body = GrantBody(network: want.network, count: want.count, request: request)
        let answer: BlocksBody = try await call(
            "POST", "/v1/hosts/\(node)/blocks", body, id: id, from: daemons)
        return answer.blocks
    }

    /// Gives a block back.
    func release(_ block: IPPrefix, of node: String, from daemons: [String]) async throws(Failure) {
        let path = "/v1/hosts/\(node)/blocks/\(block.address)/\(block.length)"
        _ = try await send("DELETE", path, nil, id: RequestID.own("release"), from: daemons)
    }

    /// Registers the node; facts that others know of it stay.
    func register(
        _ registration: HostRegistration, besides facts: [String: String], from daemons: [String]
    ) async throws(Failure) {
        guard let first = registration.addresses.first else { return }
        let body = HostBody(
            ip: first.description, name: registration.name, addresses: registration.addresses.map(\.description),
            tags: registration.labels, kubernetes: facts.merging(registration.facts) { $1 })
        do {
            let bytes = try Array(JSONEncoder().encode(body))
            _ = try await send("POST", "/hosts", bytes, id: RequestID.own("register"), from: daemons)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "\(error)")
        }
    }

    private func call<Answer: Decodable>(
        _ method: String, _ path: String, _ body: some Encodable, id: String, from daemons: [String]
    ) async throws(Failure) -> Answer {
        do {
            let bytes = try await send(method, path, Array(JSONEncoder().encode(body)), id: id, from: daemons)
            return try JSONDecoder().decode(Answer.self, from: Data(bytes))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "\(method) \(path): the answer makes no sense: \(error)")
        }
    }

    /// Tries one daemon after the other until one answers; a refusal is an answer.
    private func send(
        _ method: String, _ path: String, _ body: [UInt8]?, id: String, from daemons: [String]
    ) async throws(Failure) -> [UInt8] {
        var failure = Failure(description: "\(method) \(path): no daemon is known")
        for daemon in daemons {
            do {
                let response = try await client.send(
                    HTTPRequest(
                        method: method, url: daemon + path,
                        headers: [("Content-Type", "application/json"), ("X-Request-Id", id)] + access.headers(),
                        body: body,
                        timeout: .seconds(5), tls: access.tls))
                if (200..<300).contains(response.status) { return response.body }
                let details = try? JSONDecoder().decode(ErrorBody.self, from: Data(response.body)).details
                failure = Failure(
                    status: response.status,
                    description: "\(method) \(daemon)\(path): \(response.status) \(details ?? "")")
                // Another daemon may be better placed only where this one itself is not well.
                if response.status < 500 { throw failure }
            } catch let refusal as Failure {
                throw refusal
            } catch {
                failure = Failure(description: "\(error)")
            }
        }
        throw failure
    }
}
