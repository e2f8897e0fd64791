import Addresses
import CNIProtocol
import Nftables

/// A port of the node that leads to a pod: what only one pod can have.
struct MappedPort: Hashable {
    /// The map that it is a key of.
    let set: NftSet
    let key: [NftValue]

    init(_ mapping: PortMapping, _ family: AddressFamily) {
        let port: [NftValue] = [.transport(mapping.transport.protocolNumber), .service(mapping.hostPort)]
        if let own = mapping.hostAddress {
            set = PolicyObjects.mappedAddresses(family)
            key = [.address(own)] + port
        } else {
            set = PolicyObjects.mappedPorts(family)
            key = port
        }
    }

    /// The ports of the node that lead to an attachment, and the elements that say so.
    static func elements(_ attachment: Attachment) -> [(MappedPort, NftElement)] {
        attachment.portMappings.flatMap { mapping in
            attachment.addresses.map(\.address).filter { mapping.families.contains($0.family) }.map { address in
                let mapped = MappedPort(mapping, address.family)
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
