import Addresses
import Conntrack
import Testing

@Suite struct ConnectionSweepTests {
    @Test func onlyWhatIsConcernedAndNotAllowedEnds() throws {
        let web = try IPAddress(parsing: "10.0.0.2")
        let connections = [
            try Connection.plain(.tcp, from: "10.0.0.1", 1024, to: "10.0.0.2", 80),
            try Connection.plain(.tcp, from: "10.0.0.1", 1025, to: "10.0.0.2", 22),
            // Through a Service: the port that counts is the pod's.
            try Connection.plain(.tcp, from: "10.0.0.1", 1026, to: "10.96.0.1", 80, answeredBy: ("10.0.0.2", 22)),
            // The concerned pod opened it.
            try Connection.plain(.udp, from: "10.0.0.2", 1027, to: "10.0.0.9", 53),
            // Somebody else's.
            try Connection.plain(.tcp, from: "10.0.0.1", 1028, to: "10.0.0.3", 22),
        ]
        let ingress = ConnectionSweep(ConnectionSelection(destinations: [web])) { $0.destinationPort == 80 }
        #expect(ingress.ended(among: connections).map(\.initiatorPort) == [1025, 1026])
        let egress = ConnectionSweep(ConnectionSelection(initiators: [web])) { _ in false }
        #expect(egress.ended(among: connections).map(\.initiatorPort) == [1027])
        let both = ConnectionSweep(ConnectionSelection(addresses: [web])) { _ in false }
        #expect(both.ended(among: connections).map(\.initiatorPort) == [1024, 1025, 1026, 1027])
        let all = ConnectionSweep(.everything) { $0.transport == .udp }
        #expect(all.ended(among: connections).map(\.initiatorPort) == [1024, 1025, 1026, 1028])
    }

    @Test func nobodyIsAskedAboutConnectionsThatAreNotConcerned() throws {
        let stranger = try Connection.plain(.tcp, from: "10.0.0.1", 1024, to: "10.0.0.3", 80)
        var asked = 0
        let sweep = ConnectionSweep(ConnectionSelection(addresses: [])) { _ in
            asked += 1
            return false
        }
        #expect(!sweep.ends(stranger))
        #expect(asked == 0)
    }

    @Test func connectionsPrintAsTheirOriginalDirection() throws {
        #expect(
            "\(try Connection.plain(.sctp, from: "fd00::1", 1024, to: "fd00::2", 80))"
                == "sctp [fd00::1]:1024 -> [fd00::2]:80")
        let none = ConnectionTuple(
            source: try IPAddress(parsing: "10.0.0.1"), destination: try IPAddress(parsing: "10.0.0.2"),
            transport: ConnectionProtocol(rawValue: 50), discriminator: .none)
        #expect("\(none)" == "50 10.0.0.1 -> 10.0.0.2")
    }
}
