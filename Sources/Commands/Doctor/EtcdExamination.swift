import ArgumentParser
import CNIProtocol
import HTTPTransfer

/// How the doctor reaches etcd, where not as the agent says.
struct EtcdAccessOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("etcd-endpoints"),
        help: ArgumentHelp("Where etcd is, by comma (default: as the agent says).", valueName: "urls"))
    var endpoints: String?

    @Option(
        name: .customLong("etcd-ca-file"), help: ArgumentHelp("The authority of its certificate.", valueName: "file"),
        completion: .file())
    var caFile: String?

    @Option(
        name: .customLong("etcd-cert-file"), help: ArgumentHelp("The certificate to show it.", valueName: "file"),
        completion: .file())
    var certificateFile: String?

    @Option(
        name: .customLong("etcd-key-file"), help: ArgumentHelp("The key of that certificate.", valueName: "file"),
        completion: .file())
    var keyFile: String?

    /// Each endpoint as the root of a URL.
    func urls(_ state: NodeState?) -> [String] {
        let told = state?.document["settings"]?["etcd"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let named = endpoints.map { $0.split(separator: ",").map(String.init) } ?? told
        return (named.isEmpty ? ["localhost:2379"] : named).map { endpoint in
            let url = endpoint.contains("://") ? endpoint : "\(caFile == nil ? "http" : "https")://\(endpoint)"
            return url.hasSuffix("/") ? String(url.dropLast()) : url
        }
    }

    var tls: HTTPTLS { HTTPTLS(caFile: caFile, certificateFile: certificateFile, keyFile: keyFile) }
}

/// etcd: whether each endpoint answers and how fast, its version, its size, its alarms.
struct EtcdExamination {
    static let area = "etcd"
    /// What etcd holds at most unless it is told otherwise.
    private static let quota = 2 << 30
    let options: EtcdAccessOptions
    let state: NodeState?
    let client: HTTPClient

    func symptoms() async -> [Symptom] {
        var symptoms: [Symptom] = []
        for url in options.urls(state) { symptoms += await look(url) }
        return symptoms
    }

    private func look(_ url: String) async -> [Symptom] {
        do throws(HTTPTransferError) {
            let version = try await Inquiry.ask(url + "/version", client, tls: options.tls)
            // The first question also made the connection.
            let second = try await Inquiry.ask(url + "/version", client, tls: options.tls)
            return reachable(url, version.document["etcdserver"].shown, second)
                + Symptom.clock(Self.area, url, second) + (await size(url)) + (await alarms(url))
        } catch {
            let advice =
                "see whether it runs and this node may reach it; endpoints and certificates: --etcd-endpoints, --etcd-ca-file"
            return [.failed(Self.area, url, error.message, do: advice)]
        }
    }

    private func reachable(_ url: String, _ version: String, _ inquiry: Inquiry) -> [Symptom] {
        guard inquiry.status == 200, !version.isEmpty else {
            return [
                .failed(
                    Self.area, url, "it is not etcd: status \(inquiry.status)",
                    do: "name the port that it serves clients on")
            ]
        }
        let message = "version \(version), answers in \(inquiry.tookText)"
        let numbers = version.split(separator: ".").compactMap { Int($0) }
        if numbers.count < 2 || (numbers[0], numbers[1]) < (3, 4) {
            return [.failed(Self.area, url, message, do: "take etcd 3.4 or later")]
        }
        guard inquiry.took < 100_000_000 else {
            return [
                .warning(
                    Self.area, url, message, do: "more than 100 ms: a slow disk or a slow way makes elections fail")
            ]
        }
        return [.ok(Self.area, url, message)]
    }

    private func size(_ url: String) async -> [Symptom] {
        guard let answer = await post(url, "/v3/maintenance/status", [:]) else {
            return [.unknown(Self.area, "\(url) size", "its gateway for JSON does not tell")]
        }
        let bytes = Int(answer["dbSize"].shown) ?? 0
        let message = "\(bytes >> 20) MiB"
        guard answer["leader"].shown != "0", answer["leader"] != nil else {
            return [.failed(Self.area, "\(url) leader", "the cluster has none", do: "see that most of its members run")]
        }
        guard bytes < Self.quota / 10 * 8 else {
            return [
                .warning(
                    Self.area, "\(url) size", message,
                    do:
                        "at its quota (2 GiB unless set) it takes no more: compact and defragment it, or raise --quota-backend-bytes"
                )
            ]
        }
        return [.ok(Self.area, "\(url) size", message)]
    }

    private func alarms(_ url: String) async -> [Symptom] {
        guard let answer = await post(url, "/v3/maintenance/alarm", ["action": "GET"]) else { return [] }
        let alarms = (answer["alarms"]?.arrayValue ?? []).map { $0["alarm"].shown }
        guard !alarms.isEmpty else { return [.ok(Self.area, "\(url) alarms", "none")] }
        return [
            .failed(
                Self.area, "\(url) alarms", alarms.joined(separator: ", "),
                do: "NOSPACE: compact and defragment, then etcdctl alarm disarm; CORRUPT: replace the member")
        ]
    }

    private func post(_ url: String, _ path: String, _ body: JSONValue) async -> JSONValue? {
        do throws(HTTPTransferError) {
            let inquiry = try await Inquiry.ask(
                url + path, client, method: "POST", body: body.bytes, tls: options.tls)
            return inquiry.status == 200 ? inquiry.document : nil
        } catch {
            return nil
        }
    }
}
