import Addresses
import Policies

extension Pod {
    fileprivate struct Document: Decodable {
        struct Spec: Decodable {
            var nodeName: String?
            var hostNetwork: Bool?
            var containers: [Container]?
            var initContainers: [Container]?
        }

        struct Container: Decodable {
            struct Port: Decodable {
                var name: String?
                var containerPort: Int?
                var transport: String?

                enum CodingKeys: String, CodingKey {
                    case name, containerPort
                    case transport = "protocol"
                }
            }

            var restartPolicy: String?
            var ports: [Port]?
        }

        struct Status: Decodable {
            struct Address: Decodable {
                var ip: String?
            }

            var phase: String?
            var podIP: String?
            var podIPs: [Address]?
        }

        var metadata: ObjectMetadata
        var spec: Spec?
        var status: Status?
    }

    /// Reads a pod; addresses that are none are passed over.
    public init(from decoder: any Decoder) throws {
        let document = try Document(from: decoder)
        let texts = (document.status?.podIPs ?? []).compactMap(\.ip) + [document.status?.podIP].compactMap { $0 }
        var addresses: [IPAddress] = []
        for address in texts.compactMap({ IPAddress($0) })
        where !addresses.contains(where: { $0.family == address.family }) {
            addresses.append(address)
        }
        // An init container that always restarts runs beside the others for as long as they do.
        let sidecars = (document.spec?.initContainers ?? []).filter { $0.restartPolicy == "Always" }
        let containers = (document.spec?.containers ?? []) + sidecars
        self.init(
            document.metadata, node: document.spec?.nodeName ?? "", addresses: addresses,
            ports: containers.flatMap { ($0.ports ?? []).compactMap(PodRecord.NamedPort.init) },
            isOnHostNetwork: document.spec?.hostNetwork ?? false,
            phase: document.status?.phase.flatMap(Phase.init) ?? .unknown)
    }
}

extension PodRecord.NamedPort {
    /// A port of a container; nil when it has no name.
    fileprivate init?(_ port: Pod.Document.Container.Port) {
        guard let name = port.name, !name.isEmpty, let number = UInt16(exactly: port.containerPort ?? 0),
            number > 0,
            let transport = NetworkPolicy.Transport(rawValue: port.transport ?? "TCP")
        else { return nil }
        self.init(name, transport, number)
    }
}
