import Addresses

extension XMLElement {
    /// The text of an element that EC2 never leaves out.
    fileprivate func required(_ name: String, of kind: String) throws(AWSError) -> String {
        guard let text = text(name) else { throw AWSError(.garbled, "read \(kind): it has no \(name)") }
        return text
    }

    fileprivate var tags: [String: String] {
        let pairs = items("tagSet").compactMap { tag in tag.text("key").map { ($0, tag.text("value") ?? "") } }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    /// The addresses of an interface, the primary one first.
    fileprivate var interfaceAddresses: [IPAddress] {
        let v4 = items("privateIpAddressesSet")
        let isPrimary: (XMLElement) -> Bool = { $0.text("primary") == "true" }
        let texts =
            [text("privateIpAddress")]
            + (v4.filter(isPrimary) + v4.filter { !isPrimary($0) }).map { $0.text("privateIpAddress") }
            + items("ipv6AddressesSet").map { $0.text("ipv6Address") }
        var seen: Set<IPAddress> = []
        return texts.compactMap { $0 }.compactMap(IPAddress.init).filter { seen.insert($0).inserted }
    }
}

extension EC2Instance {
    init(_ element: XMLElement) throws(AWSError) {
        let id = try element.required("instanceId", of: "an instance")
        let interfaces = try element.items("networkInterfaceSet")
            .map { (item) throws(AWSError) in try EC2NetworkInterface(item, instanceID: id) }
            .sorted { ($0.deviceIndex ?? .max, $0.id) < ($1.deviceIndex ?? .max, $1.id) }
        var addresses = interfaces.flatMap(\.addresses)
        if let own = element.text("privateIpAddress").flatMap(IPAddress.init), !addresses.contains(own) {
            addresses.insert(own, at: 0)
        }
        self.init(
            id: id, state: element["instanceState"]?.text("name").flatMap(State.init) ?? .unknown,
            vpcID: element.text("vpcId") ?? "", subnetID: element.text("subnetId") ?? "",
            zone: element["placement"]?.text("availabilityZone") ?? "", privateAddresses: addresses,
            networkInterfaces: interfaces)
    }
}

extension EC2NetworkInterface {
    init(_ element: XMLElement, instanceID: String? = nil) throws(AWSError) {
        let id = try element.required("networkInterfaceId", of: "a network interface")
        let attachment = element["attachment"]
        self.init(
            id: id, instanceID: instanceID ?? attachment?.text("instanceId"),
            deviceIndex: attachment?.text("deviceIndex").flatMap { Int($0) }, vpcID: element.text("vpcId") ?? "",
            subnetID: element.text("subnetId") ?? "",
            // What EC2 does not say counts as on: turning it off twice does no harm.
            sourceDestCheck: element.text("sourceDestCheck") != "false", addresses: element.interfaceAddresses)
    }
}

extension EC2RouteTable {
    init(_ element: XMLElement) throws(AWSError) {
        self.init(
            id: try element.required("routeTableId", of: "a route table"), vpcID: element.text("vpcId") ?? "",
            associations: element.items("associationSet").compactMap(Association.init), tags: element.tags,
            routes: element.items("routeSet").map(EC2Route.init))
    }
}

extension EC2RouteTable.Association {
    /// An association that is in force, or comes into it.
    fileprivate init?(_ element: XMLElement) {
        let state = element["associationState"]?.text("state") ?? "associated"
        guard state == "associated" || state == "associating" else { return nil }
        self.init(subnetID: element.text("subnetId"), isMain: element.text("main") == "true")
    }
}

extension EC2Route {
    fileprivate init(_ element: XMLElement) {
        self.init(
            destination: Destination(element), target: Target(element),
            state: element.text("state").flatMap(State.init) ?? .unknown,
            origin: element.text("origin").flatMap(Origin.init) ?? .unknown)
    }
}

extension EC2Route.Destination {
    fileprivate init(_ element: XMLElement) {
        let text = element.text("destinationCidrBlock") ?? element.text("destinationIpv6CidrBlock")
        if let text {
            self = IPPrefix(text).map { .prefix($0) } ?? .unknown(text)
        } else if let id = element.text("destinationPrefixListId") {
            self = .prefixList(id)
        } else {
            self = .unknown("")
        }
    }
}

extension EC2Route.Target {
    fileprivate init(_ element: XMLElement) {
        // EC2 names the instance besides the interface.
        if let id = element.text("networkInterfaceId") {
            self = .networkInterface(id, instanceID: element.text("instanceId"))
        } else if let id = element.text("instanceId") {
            self = .instance(id)
        } else if let id = element.text("gatewayId") {
            self = id == "local" ? .local : .gateway(id)
        } else if let id = element.text("natGatewayId") {
            self = .natGateway(id)
        } else if let id = element.text("vpcPeeringConnectionId") {
            self = .peering(id)
        } else if let id = element.text("transitGatewayId") {
            self = .transitGateway(id)
        } else {
            let names = ["egressOnlyInternetGatewayId", "carrierGatewayId", "localGatewayId", "coreNetworkArn"]
            self = .other(names.lazy.compactMap { element.text($0) }.first ?? "")
        }
    }
}

extension EC2Subnet {
    init(_ element: XMLElement) throws(AWSError) {
        let v6 = element.items("ipv6CidrBlockAssociationSet").map { $0.text("ipv6CidrBlock") }
        self.init(
            id: try element.required("subnetId", of: "a subnet"), vpcID: element.text("vpcId") ?? "",
            zone: element.text("availabilityZone") ?? "",
            prefixes: ([element.text("cidrBlock")] + v6).compactMap { $0 }.compactMap { IPPrefix($0) },
            tags: element.tags)
    }
}
