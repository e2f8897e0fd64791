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
        /// `eu-central-1a`.
        public var zone: String
    }

    /// `vpc-...`.
    public var id: String
    /// The subnet of each zone.
    public var subnets: [String: String] = [:]
    /// The route table of each zone.
    public var tables: [String: String] = [:]
    /// The instances, zone by zone.
    public var instances: [Instance] = []

    /// Makes a VPC 10.N.0.0/16 whose zones have 10.N.1.0/24, 10.N.2.0/24 and so on.
    public static func make(
        at moto: MotoServer, zones: [String] = ["a", "b", "c"], instancesPerZone: Int, second: Int = 0
    ) async throws(TestbedError) -> CloudNetwork {
        let made = try await moto.call("CreateVpc", ["CidrBlock": "10.\(second).0.0/16"])
        var network = CloudNetwork(id: try made.only("vpcId"))
        for (index, letter) in zones.enumerated() {
            let zone = MotoServer.region + letter
            let subnet = try await moto.call(
                "CreateSubnet",
                [
                    "VpcId": network.id, "CidrBlock": "10.\(second).\(index + 1).0/24", "AvailabilityZone": zone,
                ]
            ).only("subnetId")
            let table = try await moto.call("CreateRouteTable", ["VpcId": network.id]).only("routeTableId")
            try await moto.call("AssociateRouteTable", ["RouteTableId": table, "SubnetId": subnet])
            network.subnets[zone] = subnet
            network.tables[zone] = table
            try await network.addInstances(instancesPerZone, in: zone, at: moto)
        }
        return network
    }

    /// Starts instances in a zone.
    public mutating func addInstances(
        _ count: Int, in zone: String, at moto: MotoServer
    ) async throws(TestbedError) {
        guard count > 0, let subnet = subnets[zone] else { return }
        let text = try await moto.call(
            "RunInstances",
            [
                "ImageId": "ami-12c6146b", "InstanceType": "m5.large", "MinCount": "\(count)", "MaxCount": "\(count)",
                "SubnetId": subnet,
            ])
        // Every instance has one interface, with one address, which the instance says again.
        let (ids, interfaces) = (text.elements("instanceId"), text.elements("networkInterfaceId"))
        let addresses = text.elements("privateIpAddressesSet").map { $0.elements("privateIpAddress").first ?? "" }
        guard ids.count == count, interfaces.count == count, addresses.count == count else {
            throw TestbedError("moto started \(ids.count) instances with \(interfaces.count) interfaces")
        }
        for index in 0..<count {
            instances.append(
                Instance(id: ids[index], interface: interfaces[index], address: addresses[index], zone: zone))
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
