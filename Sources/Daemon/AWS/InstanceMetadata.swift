import HTTPTransfer

/// The metadata service of the EC2 instance that the daemon runs on, by its second version: a token first, then the value.
struct InstanceMetadata: Sendable {
    /// Where the service is, without a slash at the end.
    let endpoint: String
    /// How long one answer may take.
    var timeout = Duration.seconds(2)

    /// Where the instance stands.
    struct Place: Sendable, Equatable {
        /// The region, as in `us-east-1`.
        var region: String
        /// The zone, as in `us-east-1a`.
        var zone: String
    }

    /// The service where the environment says, as AWS's own tools read it, else at its usual address.
    init(in environment: DaemonEnvironment) {
        let usual =
            environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
            ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
        let given = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? usual
        endpoint = String(given.reversed().drop { $0 == "/" }.reversed())
    }

    /// Where the instance stands; throws when the service does not answer, or not with a region and a zone of it.
    func place() async throws(DaemonError) -> Place {
        let client = HTTPClient()
        defer { client.shutdown() }
        let token = try await ask(
            client, "PUT", "/latest/api/token", [("X-aws-ec2-metadata-token-ttl-seconds", "60")])
        let headers = [("X-aws-ec2-metadata-token", token)]
        let path = "/latest/meta-data/placement/"
        let place = Place(
            region: try await ask(client, "GET", path + "region", headers),
            zone: try await ask(client, "GET", path + "availability-zone", headers))
        guard place.zone.hasPrefix(place.region), place.zone != place.region else {
            throw DaemonError(
                .unavailable,
                "read the instance's metadata: zone \"\(place.zone)\" is none of region \"\(place.region)\"")
        }
        return place
    }

    private func ask(
        _ client: HTTPClient, _ method: String, _ path: String, _ headers: [(String, String)]
    ) async throws(DaemonError) -> String {
        let request = HTTPRequest(
            method: method, url: endpoint + path, headers: headers, body: method == "PUT" ? [] : nil, timeout: timeout,
            maximumBodySize: 4096)
        do {
            let response = try await client.send(request)
            let text = String(decoding: response.body, as: UTF8.self).filter { !$0.isWhitespace }
            // What comes goes into names and into a header: plain text only.
            guard response.status == 200, !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw DaemonError(
                    .unavailable,
                    "read the instance's metadata: \(method) \(request.url) answered \(response.status)")
            }
            return text
        } catch let error as DaemonError {
            throw error
        } catch {
            throw DaemonError(.unavailable, "read the instance's metadata: \(error)")
        }
    }
}
