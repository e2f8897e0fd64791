import Addresses
import CNIProtocol
import Nftables

/// A port of the node that leads to a pod: what only one pod can have.
struct MappedPort: Hashable {
    /// The map that it is a key of.
    let set: NftSet
    let key: [NftValue]

    /// The ports of the node that lead to an attachment, and the elements that say so.
    static func elements(_ attachment: Attachment) -> [(MappedPort, NftElement)] {
        attachment.portMappings.flatMap { mapping in
            attachment.addresses.map(\.address).filter { mapping.families.contains($0.family) }.map { address in
                let family = address.family
                let port: [NftValue] = [.transport(mapping.transport.protocolNumber), .service(mapping.hostPort)]
                let mapped =
                    if let own = mapping.hostAddress {
                        MappedPort(set: PolicyObjects.mappedAddresses(family), key: [.address(own)] + port)
                    } else {
                        MappedPort(set: PolicyObjects.mappedPorts(family), key: port)
                    }
                return (
                    mapped,
                    NftElement(mapped.key, .values([.address(address), .service(mapping.containerPort)]))
                )
            }
        }
    }
}

extension PortMapping.Transport {
    /// Its number among the protocols over IP (IANA).
    fileprivate var protocolNumber: UInt8 {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        }
    }
}
