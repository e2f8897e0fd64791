import Addresses
import FoundationEssentials
import Nftables
import Policies

/// One pod's label changes: from the event, as it comes from etcd or the API server, to the end of the commit.
struct ChangeCase {
    static let member = "label change of a group's member"
    static let ownPod = "label change of an own pod"
    static let one = "one element"

    let times: Int

    /// What the kernel itself takes for one element.
    func floor() throws -> [Measure] {
        let kernel = try KernelNft(table: "floor")
        let set = NftSet("addresses", key: [.ipv4Address])
        try kernel.commit([.addTable, .addSet(set)])
        var samples = Samples()
        for time in 0..<times {
            let element = NftElement([.address(.v4(IPv4Address(rawValue: 0x0a00_0001 + UInt32(time))))])
            let operation = NftOperation.addElements(set, [element])
            try samples.time { try kernel.commit([operation]) }
        }
        try kernel.commit([.deleteTable])
        return samples.measures(Self.one, "kernel", 1)
    }

    /// A pod somewhere joins a group that policies of this node name, and leaves it.
    func members(_ size: Int, profiles: Int) throws -> Samples {
        let world = PolicyWorld(count: profiles, members: profiles > 1000 ? size : 10)
        let kernel = try TimedKernel()
        try kernel.clear()
        var table = try PolicyTable.started(NodeStart(world), kernel: kernel)
        let key = world.group(0).key
        let crowd = (0..<size).map { (PolicyWorld.stranger($0), [PodRecord.NamedPort]()) }
        table.policies.setGroup(key, Dictionary(crowd, uniquingKeysWith: { $1 }))
        try table.commit()
        var samples = Samples()
        for time in 0..<times / 2 {
            let member = GroupMember(address: PolicyWorld.stranger(size + time % 7), pod: "team-7/web-6d4b75cb6d-hwlpq")
            let record = try JSONEncoder().encode(member)
            try samples.time {
                let member = try JSONDecoder().decode(GroupMember.self, from: record)
                table.policies.setMember(key, member.address, member.ports)
                try table.commit()
            }
            try samples.time {
                table.policies.setMember(key, member.address, nil)
                try table.commit()
            }
        }
        try kernel.clear()
        return samples
    }

    /// A pod of this node gets a label that another policy asks for, and loses it: a profile comes and one goes.
    func ownPod(profiles: Int) throws -> Samples {
        let world = PolicyWorld(count: profiles, members: 10)
        let kernel = try TimedKernel()
        try kernel.clear()
        var table = try PolicyTable.started(NodeStart(world), kernel: kernel)
        let extra = PolicyStatement(
            NetworkPolicy(
                namespace: world.namespace(0), name: "scraped",
                podSelector: LabelSelector(matchLabels: ["scraped": "yes"]), policyTypes: [.ingress],
                ingress: [
                    NetworkPolicy.Rule(
                        peers: [.pods(namespaces: nil, pods: world.group(0).pods)],
                        ports: [.init(.tcp, .number(9090))])
                ]))
        table.policies.setStatement(extra.id, extra)
        let plain = world.record(0)
        var labelled = plain
        labelled.labels["scraped"] = "yes"
        var samples = Samples()
        for time in 0..<times {
            let record = time % 2 == 0 ? labelled : plain
            try samples.time {
                table.policies.setPod("\(record.namespace)/\(record.name)", record)
                try table.commit()
            }
        }
        try kernel.clear()
        return samples
    }

    func run(progress: (String) -> Void) throws -> [Measure] {
        progress("label changes")
        var measures = try floor()
        for size in [0, 1_000, 10_000] {
            progress("label changes, \(size) members")
            let samples = try members(size, profiles: 110)
            measures += samples.measures("\(Self.member), 110 profiles", "romana", size)
        }
        progress("label changes, 5000 profiles")
        measures += try members(10, profiles: 5_000).measures("\(Self.member), 10 members each", "romana", 5_000)
        for size in [110, 5_000] {
            progress("label changes of own pods, \(size) profiles")
            measures += try ownPod(profiles: size).measures("\(Self.ownPod), profiles", "romana", size)
        }
        return measures
    }
}
