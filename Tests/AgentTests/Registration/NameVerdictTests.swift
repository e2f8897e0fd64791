import Addresses
import Testing
import Topology

@testable import Agent

@Suite("Whose a node's name is")
struct NameVerdictTests {
    static let here = NodeIdentity(machine: "m", instance: "boot/4:1")

    static func evidence(
        addresses: [String] = ["192.0.2.1"], host: (address: String, machine: String)? = nil,
        alive: (machine: String?, instance: String?, address: String)? = nil
    ) -> NameVerdict.Evidence {
        NameVerdict.Evidence(
            node: "n", identity: here, addresses: addresses.compactMap { IPAddress($0) },
            host: host.map { host in
                HostRecord(
                    name: "n", addresses: [host.address].compactMap { IPAddress($0) },
                    kubernetes: host.machine.isEmpty ? [:] : ["machine_id": host.machine])
            },
            alive: alive.map {
                AliveRecord(addresses: [$0.address], version: "1", instance: $0.instance, machine: $0.machine)
            })
    }

    @Test("nobody's name is free")
    func free() {
        #expect(NameVerdict(Self.evidence()) == .free)
        #expect(NameVerdict(Self.evidence(alive: ("m", "boot/4:1", "192.0.2.1"))) == .free)
    }

    @Test(
        "a host is the node's own by its address or by its machine",
        arguments: [("192.0.2.1", ""), ("192.0.2.1", "m"), ("192.0.2.1", "reinstalled"), ("192.0.2.9", "m")])
    func own(address: String, machine: String) {
        #expect(NameVerdict(Self.evidence(host: (address, machine))) == .own)
    }

    @Test("a host of another address and machine is another's, though nobody is alive", arguments: ["", "other"])
    func another(machine: String) {
        let verdict = NameVerdict(Self.evidence(host: ("192.0.2.9", machine)))
        guard case .taken(let sentence) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(sentence.contains("192.0.2.9"))
        #expect(sentence.contains("romana host remove n"))
    }

    @Test("whoever is alive has the name, whatever the host says")
    func alive() {
        let verdict = NameVerdict(
            Self.evidence(host: ("192.0.2.1", "m"), alive: ("other", "boot2/4:1", "192.0.2.9")))
        guard case .taken(let sentence) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(sentence.contains("192.0.2.9"))
    }

    @Test("a machine that was started anew waits for what it said before to expire")
    func reboot() {
        #expect(
            NameVerdict(Self.evidence(host: ("192.0.2.1", "m"), alive: ("m", "before/4:1", "192.0.2.1"))) == .waiting)
    }

    @Test("an older agent is known by its addresses")
    func older() {
        #expect(NameVerdict(Self.evidence(host: ("192.0.2.1", ""), alive: (nil, nil, "192.0.2.1"))) == .own)
        guard case .taken = NameVerdict(Self.evidence(alive: (nil, nil, "192.0.2.9"))) else {
            Issue.record("it is another's")
            return
        }
    }

    @Test("a node that knows no address of its own yet cannot say")
    func unknown() {
        #expect(NameVerdict(Self.evidence(addresses: [], host: ("192.0.2.1", "other"))) == .unknown)
        #expect(NameVerdict(Self.evidence(addresses: [], host: ("192.0.2.1", "m"))) == .own)
    }
}
