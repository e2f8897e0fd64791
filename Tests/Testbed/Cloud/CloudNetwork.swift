/// A VPC in a ``MotoServer``: zones, each with a subnet and a route table of its own, and instances in them.
public struct CloudNetwork: Sendable {
    /// An instance with its one interface.
    public struct Instance: Hashable, Sendable {
        /// `i-...`.
        public var id: String
        /// `eni-...`.
        public var interface: String
        /// Its address in the subnet.
        public var address: String
        /// Its IPv6 address there, if the network has these.
        public var address6: String?
        /// `eu-central-1a`.
        public var zone: String

        /// All of its addresses.
        public var addresses: [String] { [address] + (address6.map { [$0] } ?? []) }
    }

    /// `vpc-...`.
    public var id: String
    /// The subnet of each zone.
    public var subnets: [String: String] = [:]
    /// What IPv6 addresses of each zone begin with, up to the last `::`, where the network has these.
    public var heads6: [String: String] = [:]
    /// The route table of each zone.
    public var tables: [String: String] = [:]
    /// The instances, zone by zone.
    public var instances: [Instance] = []

    /// Makes a VPC 10.N.0.0/16 whose zones have 10.N.1.0/24, 10.N.2.0/24 and so on.
    ///
    /// - Parameter hasIPv6: whether it has IPv6 addresses besides, of which every zone gets a /64.
    public static func make(
        at moto: MotoServer, zones: [String] = ["a", "b", "c"], instancesPerZone: Int, second: Int = 0,
        hasIPv6: Bool = false
    ) async throws(TestbedError) -> CloudNetwork {
        let made = try await moto.call(
            "CreateVpc", ["CidrBlock": "10.\(second).0.0/16", "AmazonProvidedIpv6CidrBlock": "\(hasIPv6)"])
        var network = CloudNetwork(id: try made.only("vpcId"))
        for (index, letter) in zones.enumerated() {
            let zone = MotoServer.region + letter
            var parameters = [
                ("VpcId", network.id), ("CidrBlock", "10.\(second).\(index + 1).0/24"), ("AvailabilityZone", zone),
            ]
            if hasIPv6 {
                let head = try Self.head6(of: try made.only("ipv6CidrBlock"), index + 1)
                network.heads6[zone] = head
                parameters.append(("Ipv6CidrBlock", "\(head)::/64"))
            }
            let subnet = try await moto.call("CreateSubnet", parameters).only("subnetId")
            let table = try await moto.call("CreateRouteTable", ["VpcId": network.id]).only("routeTableId")
            try await moto.call("AssociateRouteTable", ["RouteTableId": table, "SubnetId": subnet])
            network.subnets[zone] = subnet
            network.tables[zone] = table
            try await network.addInstances(instancesPerZone, in: zone, at: moto)
        }
        return network
    }

    /// What addresses of a /64 begin with, which is so many behind the first one of a /56: `2001:db8:1:7803`.
    private static func head6(of block: String, _ number: Int) throws(TestbedError) -> String {
        let groups = block.prefix { $0 != "/" }.split(separator: ":").map(String.init)
        guard block.hasSuffix("::/56"), groups.count <= 4 else { throw TestbedError("moto gives no /56, but \(block)") }
        let all = groups + Array(repeating: "0", count: 4 - groups.count)
        return (all.dropLast() + [String((Int(all[3], radix: 16) ?? 0) + number, radix: 16)]).joined(separator: ":")
    }

    /// Starts instances in a zone.
    public mutating func addInstances(
        _ count: Int, in zone: String, at moto: MotoServer
    ) async throws(TestbedError) {
        guard count > 0, let subnet = subnets[zone] else { return }
        let six = heads6[zone] == nil ? 0 : 1
        let text = try await moto.call(
            "RunInstances",
            [
                ("ImageId", "ami-12c6146b"), ("InstanceType", "m5.large"), ("MinCount", "\(count)"),
                ("MaxCount", "\(count)"), ("SubnetId", subnet), ("Ipv6AddressCount", "\(six)"),
            ])
        // Every instance has one interface, with one address, which the instance says again.
        let (ids, interfaces) = (text.elements("instanceId"), text.elements("networkInterfaceId"))
        let addresses = text.elements("privateIpAddressesSet").map { $0.elements("privateIpAddress").first ?? "" }
        let addresses6 = text.elements("ipv6Address")
        guard ids.count == count, interfaces.count == count, addresses.count == count,
            addresses6.count == count * six
        else {
            throw TestbedError("moto started \(ids.count) instances with \(interfaces.count) interfaces")
        }
        for index in 0..<count {
            instances.append(
                Instance(
                    id: ids[index], interface: interfaces[index], address: addresses[index],
                    address6: six == 0 ? nil : addresses6[index], zone: zone))
        }
    }

    /// The interfaces that carry only packets of and for their own addresses.
    public func checkedInterfaces(at moto: MotoServer) async throws(TestbedError) -> Set<String> {
        let text = try await moto.call(
            "DescribeNetworkInterfaces",
            [
                "Filter.1.Name": "vpc-id", "Filter.1.Value.1": id, "Filter.2.Name": "source-dest-check",
                "Filter.2.Value.1": "true",
            ])
        return Set(text.elements("networkInterfaceId"))
    }
}

extension String {
    /// The text of the first element of a name.
    fileprivate func only(_ name: String) throws(TestbedError) -> String {
        guard let text = elements(name).first else { throw TestbedError("moto answers without \(name): \(self)") }
        return text
    }
}
