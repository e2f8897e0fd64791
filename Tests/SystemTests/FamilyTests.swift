import Testbed
import Testing

extension SystemTests {
    @Suite("Three nodes")
    struct FamilyTests {
        @Test("carry every pair of pods in IPv4, IPv6 and both", arguments: Families.allCases)
        func everyPair(_ families: Families) async throws {
            try await Cluster.run(ClusterLayout(nodes: 3, families: families)) { cluster in
                var attached: [(pod: Pod, addresses: [String])] = []
                for node in cluster.nodes {
                    for pod in try await node.makePods(2) { attached.append((pod, try await pod.add())) }
                }
                #expect(attached.allSatisfy { $0.addresses.count == families.count })
                for address in attached.flatMap(\.addresses) {
                    #expect(address.contains(":") ? families.hasIPv6 : families.hasIPv4, "\(address)")
                }
                for node in cluster.nodes {
                    try await node.agrees(expecting: attached.filter { $0.pod.node == node.site })
                }
                for (pod, own) in attached {
                    try await pod.ping(attached.flatMap(\.addresses).filter { !own.contains($0) })
                }
                try await cluster.deleteAll(attached)
            }
        }

        @Test("route whole prefixes, in their own table and by their own protocol")
        func routesAreAggregated() async throws {
            try await Cluster.run(ClusterLayout(nodes: 2)) { cluster in
                var attached: [(pod: Pod, addresses: [String])] = []
                // More than two blocks of eight, next to each other.
                for pod in try await cluster.nodes[0].makePods(20) { attached.append((pod, try await pod.add())) }
                let far = try await cluster.nodes[1].makePod()
                attached.append((far, try await far.add()))
                try await far.ping(attached[0].addresses + attached[19].addresses)
                let kernel = try await KernelState(of: cluster.nodes[1].site.namespace)
                let towards = kernel.routes.filter { $0.gateway == Fabric.address4(ofNode: 1) }
                // The rack holds one host: its blocks are one prefix, whatever their number.
                #expect(towards.count == 1, "\(towards)")
                #expect(towards.allSatisfy { $0.table == "10" && $0.protocol == "71" }, "\(towards)")
                try await cluster.deleteAll(attached)
            }
        }
    }
}
