import AWS
import Testing

@Suite("Route tables")
struct EC2RouteTableTests {
    @Test("A table knows the subnets that it was given to, and whether it is the main one")
    func associations() {
        let table = EC2RouteTable(
            id: "rtb-1",
            associations: [.init(isMain: true), .init(subnetID: "subnet-1"), .init(subnetID: "subnet-2")])
        #expect(table.subnetIDs == ["subnet-1", "subnet-2"])
        #expect(table.isMain)
        #expect(!EC2RouteTable(id: "rtb-2").isMain)
    }
}
