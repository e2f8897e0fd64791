import Addresses
import Foundation
import Testing
import Topology

@Suite("records in etcd")
struct RecordTests {
    @Test("a host is written with every field and read back")
    func roundTripsHost() throws {
        let host = HostRecord(
            name: "n1", addresses: [try IPAddress(parsing: "192.168.0.1"), try IPAddress(parsing: "fd00::1")],
            tags: ["zone": "a"], kubernetes: ["providerID": "aws:///x"],
            groups: ["net": HostGroup(path: "a/b", cidr: try Sample.prefix("10.0.0.0/16"))], revision: 7)
        let text = try Documents.write(host)
        #expect(
            text == #"""
                {"addresses":["192.168.0.1","fd00::1"],"agent_port":9604,"groups":{"net":{"cidr":"10.0.0.0/16",\#
                "path":"a/b"}},"ip":"192.168.0.1","k8s_info":{"providerID":"aws:///x"},"name":"n1","revision":7,\#
                "tags":{"zone":"a"}}
                """#)
        #expect(try JSONDecoder().decode(HostRecord.self, from: Data(text.utf8)) == host)
        #expect(host.address(of: .ipv6)?.description == "fd00::1")
    }

    @Test("a host may have name and ip alone")
    func readsShortHost() throws {
        let json = #"{"ip": "192.168.0.1", "name": "n1", "agent_port": 0, "tags": null, "k8s_info": null}"#
        let host = try JSONDecoder().decode(HostRecord.self, from: Data(json.utf8))
        #expect(try host == Documents.host("n1") && host.agentPort == 9604)
    }

    @Test("a block is written with every field and read back")
    func roundTripsBlock() throws {
        let block = BlockRecord(
            cidr: try Sample.prefix("10.0.0.8/29"), network: "net", group: "a/b",
            groupCIDR: try Sample.prefix("10.0.0.0/16"), host: "n1", tenant: "t", segment: "s", allocated: 3,
            grant: "r1")
        let text = try Documents.write(block)
        #expect(
            text == #"""
                {"allocated":3,"cidr":"10.0.0.8/29","family":"ipv4","grant":"r1","group":"a/b",\#
                "group_cidr":"10.0.0.0/16","host":"n1","network":"net","segment":"s","tenant":"t"}
                """#)
        #expect(try JSONDecoder().decode(BlockRecord.self, from: Data(text.utf8)) == block)
        let short = #"{"cidr": "10.0.0.8/29", "network": "net", "host": "n1"}"#
        let read = try JSONDecoder().decode(BlockRecord.self, from: Data(short.utf8))
        #expect(!read.isTagged && read.allocated == 0 && read.groupCIDR == read.cidr)
    }
}
