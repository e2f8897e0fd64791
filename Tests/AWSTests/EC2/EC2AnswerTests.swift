import AWS
import Addresses
import Testing

@Suite("What EC2 answers")
struct EC2AnswerTests {
    @Test("An instance comes with its interfaces in their places, and all its addresses")
    func instance() async throws {
        let stub = try StubAWS(
            """
            <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
            <requestId>8f7724cf</requestId><reservationSet><item><instancesSet><item>
              <instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name></instanceState>
              <placement><availabilityZone>eu-central-1b</availabilityZone></placement>
              <subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><privateIpAddress>10.0.0.5</privateIpAddress>
              <sourceDestCheck>true</sourceDestCheck>
              <networkInterfaceSet>
                <item><networkInterfaceId>eni-2</networkInterfaceId><subnetId>subnet-2</subnetId><vpcId>vpc-1</vpcId>
                  <sourceDestCheck>false</sourceDestCheck><privateIpAddress>10.0.1.5</privateIpAddress>
                  <attachment><deviceIndex>1</deviceIndex></attachment></item>
                <item><networkInterfaceId>eni-1</networkInterfaceId><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>
                  <sourceDestCheck>true</sourceDestCheck><privateIpAddress>10.0.0.5</privateIpAddress>
                  <attachment><deviceIndex>0</deviceIndex></attachment>
                  <privateIpAddressesSet>
                    <item><privateIpAddress>10.0.0.6</privateIpAddress><primary>false</primary></item>
                    <item><privateIpAddress>10.0.0.5</privateIpAddress><primary>true</primary></item>
                  </privateIpAddressesSet>
                  <ipv6AddressesSet><item><ipv6Address>2001:db8::5</ipv6Address></item></ipv6AddressesSet></item>
              </networkInterfaceSet>
            </item><item><instanceId>i-2</instanceId><instanceState><name>shutting-down</name></instanceState></item>
            </instancesSet></item></reservationSet></DescribeInstancesResponse>
            """)
        let instances = try await stub.client().instances(ids: ["i-1", "i-2"])
        let addresses = ["10.0.0.5", "10.0.0.6", "2001:db8::5", "10.0.1.5"].compactMap(IPAddress.init)
        #expect(
            instances == [
                EC2Instance(
                    id: "i-1", vpcID: "vpc-1", subnetID: "subnet-1", zone: "eu-central-1b", privateAddresses: addresses,
                    networkInterfaces: [
                        EC2NetworkInterface(
                            id: "eni-1", instanceID: "i-1", deviceIndex: 0, vpcID: "vpc-1", subnetID: "subnet-1",
                            addresses: Array(addresses.prefix(3))),
                        EC2NetworkInterface(
                            id: "eni-2", instanceID: "i-1", deviceIndex: 1, vpcID: "vpc-1", subnetID: "subnet-2",
                            sourceDestCheck: false, addresses: [addresses[3]]),
                    ]),
                EC2Instance(id: "i-2", state: .shuttingDown),
            ])
    }

    @Test("A table comes with its associations that are in force, its tags and whatever its routes lead to")
    func table() async throws {
        let targets = [
            ("<gatewayId>local</gatewayId>", EC2Route.Target.local),
            ("<gatewayId>igw-1</gatewayId>", .gateway("igw-1")),
            ("<natGatewayId>nat-1</natGatewayId>", .natGateway("nat-1")),
            (
                "<instanceId>i-1</instanceId><networkInterfaceId>eni-1</networkInterfaceId>",
                .networkInterface("eni-1", instanceID: "i-1")
            ),
            ("<instanceId>i-1</instanceId>", .instance("i-1")),
            ("<vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId>", .peering("pcx-1")),
            ("<transitGatewayId>tgw-1</transitGatewayId>", .transitGateway("tgw-1")),
            ("<egressOnlyInternetGatewayId>eigw-1</egressOnlyInternetGatewayId>", .other("eigw-1")), ("", .other("")),
        ]
        let routes = targets.enumerated().map { index, target in
            """
            <item><destinationCidrBlock>10.\(index).0.0/16</destinationCidrBlock>\(target.0)\
            <state>active</state><origin>CreateRoute</origin></item>
            """
        }
        let stub = try StubAWS(
            """
            <DescribeRouteTablesResponse><routeTableSet><item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId>
            <associationSet><item><main>true</main></item>
              <item><subnetId>subnet-1</subnetId><main>false</main>
                <associationState><state>associated</state></associationState></item>
              <item><subnetId>subnet-2</subnetId><associationState><state>disassociated</state></associationState></item>
            </associationSet>
            <tagSet><item><key>Name</key><value>a</value></item><item><key>empty</key><value/></item></tagSet>
            <routeSet>\(routes.joined())
              <item><destinationIpv6CidrBlock>2001:db8::/56</destinationIpv6CidrBlock><gatewayId>local</gatewayId>
                <state>active</state><origin>CreateRouteTable</origin></item>
              <item><destinationPrefixListId>pl-1</destinationPrefixListId><gatewayId>vpce-1</gatewayId>
                <state>blackhole</state><origin>Advertisement</origin></item>
            </routeSet></item></routeTableSet></DescribeRouteTablesResponse>
            """)
        let table = try #require(try await stub.client().routeTables(.init(vpcID: "vpc-1")).first)
        #expect(table.associations == [.init(isMain: true), .init(subnetID: "subnet-1")])
        #expect(table.tags == ["Name": "a", "empty": ""])
        #expect(table.routes.prefix(targets.count).map(\.target) == targets.map(\.1))
        let prefix = try #require(IPPrefix("2001:db8::/56"))
        #expect(
            table.routes.suffix(2) == [
                EC2Route(destination: .prefix(prefix), target: .local, origin: .table),
                EC2Route(
                    destination: .prefixList("pl-1"), target: .gateway("vpce-1"), state: .blackhole, origin: .unknown),
            ])
    }

    @Test("A subnet comes with its prefixes of both families")
    func subnet() async throws {
        let stub = try StubAWS(
            """
            <DescribeSubnetsResponse><subnetSet><item><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>
            <availabilityZone>eu-central-1a</availabilityZone><cidrBlock>10.0.0.0/24</cidrBlock>
            <ipv6CidrBlockAssociationSet><item><ipv6CidrBlock>2001:db8::/64</ipv6CidrBlock></item>
            </ipv6CidrBlockAssociationSet></item></subnetSet></DescribeSubnetsResponse>
            """)
        let subnets = try await stub.client().subnets(.init(tags: [.init("kubernetes.io/cluster/a")]))
        let prefixes = ["10.0.0.0/24", "2001:db8::/64"].compactMap { IPPrefix($0) }
        #expect(subnets == [EC2Subnet(id: "subnet-1", vpcID: "vpc-1", zone: "eu-central-1a", prefixes: prefixes)])
        #expect(stub.forms.first?["Filter.1.Name"] == "tag-key")
        #expect(stub.forms.first?["Filter.1.Value.1"] == "kubernetes.io/cluster/a")
    }

    @Test("Pages are asked for until there is no more")
    func pages() async throws {
        func page(_ id: Int, next: String?) -> String {
            let token = next.map { "<nextToken>\($0)</nextToken>" } ?? "<nextToken/>"
            return """
                <DescribeNetworkInterfacesResponse><networkInterfaceSet><item>\
                <networkInterfaceId>eni-\(id)</networkInterfaceId></item></networkInterfaceSet>\(token)\
                </DescribeNetworkInterfacesResponse>
                """
        }
        let stub = try StubAWS(page(1, next: "a/+= b"), page(2, next: "c"), page(3, next: nil))
        let found = try await stub.client().networkInterfaces(.init(vpcID: "vpc-1", sourceDestCheck: true))
        #expect(found.map(\.id) == ["eni-1", "eni-2", "eni-3"])
        #expect(stub.forms.map { $0["NextToken"] } == [nil, "a/+= b", "c"])
        #expect(
            stub.forms.allSatisfy { $0["Filter.2.Name"] == "source-dest-check" && $0["Filter.2.Value.1"] == "true" })
    }

    @Test("An answer that leads to the same page again is an error, not the end")
    func samePage() async throws {
        let page = "<DescribeInstancesResponse><reservationSet/><nextToken>a</nextToken></DescribeInstancesResponse>"
        let stub = try StubAWS(page)
        let error = await #expect(throws: AWSError.self) { try await stub.client().instances(ids: ["i-1"]) }
        #expect(error?.code == .garbled && stub.forms.count == 2)
    }

    @Test("More instances than fit into a filter are asked for in as few calls as can be, none for none")
    func filters() async throws {
        let stub = try StubAWS("<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>")
        let client = stub.client()
        _ = try await client.instances(ids: (0..<450).map { "i-\($0)" } + ["i-0"])
        #expect(stub.forms.map { form in form.keys.count { $0.hasPrefix("Filter.1.Value.") } } == [200, 200, 50])
        _ = try await client.instances(ids: [])
        #expect(client.counts["DescribeInstances"]?.calls == 3)
    }
}
