import Addresses
import CNIProtocol
import Nftables
import Policies

/// Ports of the node that lead to pods (the CNI capability `portMappings`).
extension PolicyTable {
    /// Which port that an attachment asks for another pod has, or one of those that are served together with it; nil when
    /// it can have all of them.
    func mappedPortTaken(_ attachment: Attachment, besides others: [Attachment]) -> String? {
        guard !attachment.portMappings.isEmpty else { return nil }
        let own = attachment.key.description
        var claimed: [MappedPort: String] = [:]
        for other in others {
            for port in Self.mappedPorts(other) { claimed[port] = other.key.description }
        }
        for port in Self.mappedPorts(attachment) {
            if let owner = mappedPorts[port] ?? claimed[port], owner != own {
                return "port \(port.key.text) of the node leads to \(owner) already"
            }
        }
        return nil
    }

    private static func mappedPorts(_ attachment: Attachment) -> [MappedPort] {
        attachment.portMappings.flatMap { mapping in mapping.families.map { MappedPort(mapping, $0) } }
    }

    /// `nft delete element inet romana mapped-ports4 { tcp . 8080 }` for all ports of an attachment.
    func unmap(_ id: String) -> [NftOperation] {
        mappedPorts.filter { $0.value == id }.map { .deleteElements($0.key.set, [NftElement($0.key.key)]) }
    }

    /// `nft flush map inet romana mapped-ports4; nft add element ...` for all attachments that stand.
    mutating func mappingOperations(_ ids: [String]) -> [NftOperation] {
        var operations: [NftOperation] = AddressFamily.allCases.flatMap { family in
            [
                .flushSet(PolicyObjects.mappedPorts(family).name),
                .flushSet(PolicyObjects.mappedAddresses(family).name),
            ]
        }
        mappedPorts = [:]
        for id in ids {
            for (port, element) in standing[id].map(MappedPort.elements) ?? [] where mappedPorts[port] == nil {
                mappedPorts[port] = id
                operations.append(.addElements(port.set, [element]))
            }
        }
        return operations
    }

    /// What of a pod's links, addresses and mapped ports the kernel does not hold, for CHECK; nil when all is there.
    func difference(_ attachment: Attachment) throws(NftError) -> String? {
        for (port, element) in MappedPort.elements(attachment) {
            guard try kernel.elements(of: port.set).contains(element) else {
                return "port \(port.key.text) of the node does not lead to it"
            }
        }
        guard settings.isEnforced else { return nil }
        for address in attachment.addresses.map(\.address) {
            let held = try kernel.elements(of: PolicyObjects.entries(.ingress, address.family))
            guard held.contains(where: { $0.key == [.address(address)] }) else {
                return "no policy is in force for \(address)"
            }
        }
        return nil
    }
}
