import CNIProtocol
import HTTPTransfer
import LinuxSystem
import Release

/// The API server and the daemon, and whether all versions are the same.
struct ServerExamination {
    let session: Session
    let state: NodeState?
    let client: HTTPClient

    /// Where a pod finds the authority of the API server.
    private static let authority = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"

    func symptoms() async -> [Symptom] { (await kubernetes) + (await daemons) }

    private var kubernetes: [Symptom] {
        get async {
            let area = "kubernetes"
            guard let url = state?.document["settings"]?["kubernetes"]?.stringValue else {
                return [
                    .unknown(area, "API server", state == nil ? "the agent does not say where it is" : "there is none")
                ]
            }
            // Nothing is sent that would have to be kept from anybody: the version is public.
            let isKnown = FileSystem.fileExists(Self.authority)
            let tls = HTTPTLS(caFile: isKnown ? Self.authority : nil, verifiesServer: isKnown)
            do throws(HTTPTransferError) {
                let inquiry = try await Inquiry.ask(url + "/version", client, tls: tls)
                let version = inquiry.document["gitVersion"].shown
                let words = version.isEmpty ? "status \(inquiry.status)" : "version \(version)"
                return [.ok(area, url, "\(words), answers in \(inquiry.tookText)")]
                    + Symptom.clock(area, url, inquiry) + [watch(area)]
            } catch {
                return [
                    .failed(
                        area, url, error.message,
                        do:
                            "policies and pods are not heard of: see whether it runs, and whether its address is one that works without kube-proxy"
                    )
                ]
            }
        }
    }

    /// Whether the agent, which has its own token, gets what it asks for.
    private func watch(_ area: String) -> Symptom {
        state?.document["sources"]?["kubernetes"] == true
            ? .ok(area, "watch of pods", "stands")
            : .failed(
                area, "watch of pods", "the agent is not let in, or not answered",
                do: "the agent's lines say why; its ClusterRole is in specs/")
    }

    private var daemons: [Symptom] {
        get async {
            let named = session.settings.isDaemonUnnamed ? [] : session.settings.daemons.map(\.url)
            let urls = named + (state?.daemons ?? []).filter { !named.contains($0) }
            guard !urls.isEmpty else {
                return [
                    .failed(
                        "daemon", "addresses", "none is known",
                        do: "start romana-daemon; it announces itself in etcd, or name it: --rootURL")
                ]
            }
            var symptoms: [Symptom] = []
            for url in urls { symptoms += await daemon(url) }
            return symptoms
        }
    }

    private func daemon(_ url: String) async -> [Symptom] {
        do throws(HTTPTransferError) {
            let inquiry = try await Inquiry.ask(url + "/readyz", client, tls: session.settings.tls)
            guard inquiry.status == 200 else {
                let details = inquiry.document["details"].shown
                return [
                    .failed(
                        "daemon", url, details.isEmpty ? "status \(inquiry.status)" : details,
                        do: "see etcd above; the daemon's /readyz tells what it waits for")
                ]
            }
            return [.ok("daemon", url, "ready, answers in \(inquiry.tookText)")]
                + Symptom.clock("daemon", url, inquiry) + [Self.version(url, inquiry.document["version"].shown)]
        } catch {
            return [.failed("daemon", url, error.message, do: "without one the node gets no more blocks of addresses")]
        }
    }

    /// Whether another program is of this one's release.
    static func version(_ subject: String, _ version: String) -> Symptom {
        if version == Release.version { return .ok("versions", subject, version) }
        return version.isEmpty
            ? .unknown("versions", subject, "it does not tell its version")
            : .warning(
                "versions", subject, "\(version), this command is \(Release.version)",
                do: "finish the upgrade: all programs of a cluster should be of one release")
    }
}
