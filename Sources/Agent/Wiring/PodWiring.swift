import Addresses
import Netlink

/// The kernel operations that give a pod its interface, as values; nothing here talks to the kernel.
///
/// The pod owns a /32 and a /128 and reaches everything through a gateway that exists on no link: permanent neighbour
/// entries on both sides stand for ARP and neighbour discovery, so no first packet waits for an answer.
struct PodWiring {
    let attachment: Attachment

    /// The pair, born with its far end in the pod's namespace:
    /// `ip link add romX address ee:ee:ee:ee:ee:ee mtu M group G numtxqueues 1 numrxqueues 1 up type veth
    ///  peer name eth0 address MAC mtu M netns FD`, and its alias.
    func pair(podNamespace: Int32) -> VethPair {
        VethPair(
            hostName: attachment.veth, hostMAC: Ownership.hostMAC, alias: LinkAlias(attachment).text,
            group: Ownership.podGroup, mtu: attachment.mtu, peerName: attachment.key.interface, peerMAC: attachment.mac,
            peerNamespace: podNamespace)
    }

    /// What is done inside the pod's namespace, in one batch.
    func podOperations(index: UInt32) -> [NetworkOperation] {
        // ip link set lo up; ip link set eth0 addrgenmode none up
        var operations: [NetworkOperation] = [
            .setLink(LinkChange(index: 1, isUp: true)),
            .setLink(LinkChange(index: index, isUp: true, addressGeneration: AddressGeneration.none)),
        ]
        for address in attachment.addresses.map(\.address) {
            let gateway = Ownership.gateway(address.family)
            operations += [
                // ip address add 10.1.2.3/32 dev eth0; ip address add fd00::3/128 dev eth0 nodad
                .addAddress(
                    InterfaceAddress(
                        interface: index, address: address, prefixLength: address.family.bits,
                        noDAD: address.family == .ipv6)),
                // ip neighbour replace 169.254.1.1 lladdr ee:ee:ee:ee:ee:ee dev eth0 nud permanent
                .replaceNeighbour(Neighbour(interface: index, address: gateway, mac: Ownership.hostMAC)),
                // ip route replace default via 169.254.1.1 dev eth0 onlink
                .replaceRoute(
                    Route(
                        destination: .everything(address.family), gateway: gateway, interface: index, table: 254,
                        routeProtocol: Ownership.routeProtocol, onlink: true)),
            ]
            guard address.family == .ipv6 else { continue }
            // ip -6 route replace local fd00::3/128 dev eth0 table local: the kernel would do it later, from a worker,
            // and lose what comes before.
            operations.append(
                .replaceRoute(Route(destination: address.hostPrefix, interface: index, table: 255, kind: .local)))
        }
        return operations
    }

    /// What lets the host reach the pod without asking; before any route.
    func hostNeighbours(index: UInt32) -> [NetworkOperation] {
        // The link's queue is made ready now, not by a worker later; then
        // ip neighbour replace 10.1.2.3 lladdr MAC dev romX nud permanent
        [.settleLink(index: index)]
            + attachment.addresses.map {
                .replaceNeighbour(Neighbour(interface: index, address: $0.address, mac: attachment.mac))
            }
    }

    /// What opens traffic to the pod; after everything else, policy included.
    func hostRoutes(index: UInt32, table: UInt32) -> [NetworkOperation] {
        attachment.addresses.map { .replaceRoute(Self.hostRoute(to: $0.address, index: index, table: table)) }
    }

    /// `ip route replace 10.1.2.3/32 dev romX table 10 proto 71`.
    static func hostRoute(to address: IPAddress, index: UInt32, table: UInt32) -> Route {
        Route(
            destination: address.hostPrefix, interface: index, table: table, routeProtocol: Ownership.routeProtocol,
            scope: address.family == .ipv4 ? .link : nil)
    }

    /// Takes the pod off the network at once and marks its link for the reaper.
    ///
    /// `ip link set romX down group 7171`: the kernel drops routes and neighbours of a link that goes down.
    static func retirement(index: UInt32) -> NetworkOperation {
        .setLink(LinkChange(index: index, isUp: false, group: Ownership.reapGroup))
    }
}
