import Addresses
import Etcd
import Policies
import Testing

@testable import Duties

@Suite("the order in which a listener writes")
struct WritePlanTests {
    let keys = PolicyKeys(prefix: "/r")

    /// Stages in short: `+KEY` and `-KEY` without the prefix, sorted within a stage.
    func stages(_ changes: MembershipChanges, strays: [String] = []) throws -> [[String]] {
        try WritePlan(changes, strays: strays, keys).stages.map { stage in
            stage.map { operation in
                switch operation {
                case .put(let key, _, _): "+\(key.dropFirst(3))"
                case .delete(let key): "-\(key.dropFirst(3))"
                default: "?"
                }
            }.sorted()
        }
    }

    func member(_ text: String) throws -> (IPAddress, GroupMember) {
        let address = try IPAddress(parsing: text)
        return (address, GroupMember(address: address, pod: "a/b"))
    }

    @Test("a group has its members before it is there, and is there before a policy names it")
    func additions() throws {
        var changes = MembershipChanges()
        let (one, first) = try member("10.0.0.1")
        let (two, second) = try member("10.0.0.2")
        changes.members = ["new": [one: first], "old": [two: second]]
        changes.groups = ["new": .everyPod]
        changes.policies = ["kube.a.p.u": NetworkPolicy(namespace: "a", name: "p", uid: "u")]
        #expect(
            try stages(changes) == [
                ["+groups/old/10.0.0.2"], ["+groups/new/10.0.0.1"], ["+groups/new"], ["+policies/kube.a.p.u"],
            ])
    }

    @Test("policies are lifted before their groups go, and whoever is a member no more goes before all else")
    func removals() throws {
        var changes = MembershipChanges()
        changes.formerMembers = [
            "gone": [try IPAddress(parsing: "10.0.0.1")], "kept": [try IPAddress(parsing: "fd00::1")],
        ]
        changes.vanishedGroups = ["gone"]
        changes.liftedPolicies = ["kube.a.p.u"]
        #expect(
            try stages(changes, strays: ["/r/groups/x/y", "/r/policies/kube.z"]) == [
                ["-groups/kept/fd00::1"], ["-policies/kube.a.p.u", "-policies/kube.z"],
                ["-groups/gone", "-groups/x/y"],
                ["-groups/gone/10.0.0.1"],
            ])
    }

    @Test("what could not be read and is written anew is not taken away after that")
    func strays() throws {
        var changes = MembershipChanges()
        changes.groups = ["g": .everyPod]
        changes.policies = ["kube.a.p.u": NetworkPolicy(namespace: "a", name: "p", uid: "u")]
        #expect(
            try stages(changes, strays: ["/r/groups/g", "/r/policies/kube.a.p.u", "/r/groups/h"])
                == [["+groups/g"], ["+policies/kube.a.p.u"], ["-groups/h"]])
    }

    @Test("no changes are no stages")
    func nothing() throws { #expect(try stages(MembershipChanges()).isEmpty) }

    @Test("a stage is cut into what one transaction takes, by number and by weight")
    func transactions() {
        let small = (0..<250).map { EtcdTransaction.Operation.delete("/r/\($0)") }
        #expect(WritePlan.transactions(small).map(\.count) == [100, 100, 50])
        let large = (0..<5).map {
            EtcdTransaction.Operation.put(key: "/r/\($0)", value: Array(repeating: 0, count: 400_000))
        }
        #expect(WritePlan.transactions(large).map(\.count) == [2, 2, 1])
        let huge = [EtcdTransaction.Operation.put(key: "/r", value: Array(repeating: 0, count: 2_000_000))]
        #expect(WritePlan.transactions(huge + small.prefix(1)).map(\.count) == [1, 1])
        #expect(WritePlan.transactions([]).isEmpty)
    }
}
