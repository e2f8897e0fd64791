import Addresses
import Conntrack
import LinuxSystem
import Netlink
import TestSupport
import Testing

/// Connections between pods that a node tracks, and what becomes of them when they are forgotten.
@Suite struct ConnectionTableTests {
    typealias Pod = PodWiringTests.Pod

    /// What is forwarded is tracked, and passes.
    static let tracking = """
        table inet tracking {
            chain forward { type filter hook forward priority 0; ct state established counter accept; }
        }
        """

    /// Runs a test with two pods of both families on a node with the rules.
    static func run(rules: String = tracking, _ body: (ConnectionTable, [Pod]) throws -> Void) throws {
        try FreshNamespace.run {
            let pods = try PodWiringTests.wire([.ipv4, .ipv6], on: try KernelNetwork())
            try load(rules)
            try body(try ConnectionTable(), pods)
        }
    }

    static func load(_ rules: String) throws {
        let loaded = shell("nft -f - <<'END'\n\(rules)\nEND\n")
        try #require(loaded.status == 0, "\(loaded.output)")
    }

    static func socket(
        _ kind: PodSocket.Kind, in pod: Pod, _ family: AddressFamily = .ipv4, port: UInt16 = 0
    ) throws -> PodSocket {
        let address = try #require(pod.addresses.first { $0.family == family })
        return try NetworkNamespace.perform(in: pod.namespace.rawValue) { () throws(SystemError) in
            try PodSocket(kind, address, port: port)
        }
    }

    static func list(
        _ table: ConnectionTable, _ selection: ConnectionSelection = .everything
    ) throws -> [Connection] {
        var list: [Connection] = []
        try table.connections(in: selection) { list.append($0) }
        return list
    }

    @Test func connectionsOfEveryKindAreTold() throws {
        try Self.run { table, pods in
            for family in AddressFamily.allCases {
                let target = try #require(pods[1].addresses.first { $0.family == family })
                try Self.socket(.datagram, in: pods[0], family, port: 1024).send(to: target, port: 53)
                let server = try Self.socket(.stream, in: pods[1], family, port: 80)
                server.listen()
                let client = try Self.socket(.stream, in: pods[0], family, port: 1025)
                try client.connect(to: target, port: 80)
                #expect(try pods[0].ping(target).status == 0)
            }
            let list = try Self.list(table)
            let words = list.map { connection -> String in
                let text = "\(connection)"
                // The number of an echo's sender is any.
                return text.split(separator: " id ").first.map(String.init) ?? text
            }
            #expect(
                Set(words) == [
                    "udp 10.1.2.1:1024 -> 10.1.2.2:53", "tcp 10.1.2.1:1025 -> 10.1.2.2:80",
                    "icmp 10.1.2.1 -> 10.1.2.2 type 8 code 0",
                    "udp [fd00:1:2::1]:1024 -> [fd00:1:2::2]:53", "tcp [fd00:1:2::1]:1025 -> [fd00:1:2::2]:80",
                    "icmpv6 fd00:1:2::1 -> fd00:1:2::2 type 128 code 0",
                ])
            #expect(list.count == 6)
            let shown = shell("conntrack -L -f ipv4 -o id; conntrack -L -f ipv6 -o id").output
            for connection in list {
                #expect(shown.contains("src=\(connection.initiator) dst=\(connection.original.destination)"))
                #expect(shown.contains("id=\(connection.id)"), "\(shown)")
            }
        }
    }

    @Test func whoAnswersThroughAServiceIsThePod() throws {
        let rules = """
            table ip service {
                chain prerouting {
                    type nat hook prerouting priority -100
                    ip daddr 10.96.0.1 tcp dport 80 dnat to 10.1.2.2:8080
                }
            }
            """
        try Self.run(rules: rules) { table, pods in
            let server = try Self.socket(.stream, in: pods[1], port: 8080)
            server.listen()
            let client = try Self.socket(.stream, in: pods[0], port: 1024)
            try client.connect(to: try IPAddress(parsing: "10.96.0.1"), port: 80)
            let answering = ConnectionSelection(destinations: [try IPAddress(parsing: "10.1.2.2")])
            #expect(
                try Self.list(table, answering).map(\.description)
                    == ["tcp 10.1.2.1:1024 -> 10.96.0.1:80 (answered by 10.1.2.2 port 8080)"])
            #expect(try table.delete(allOf: try IPAddress(parsing: "10.1.2.2")) == 1)
            #expect(try Self.list(table) == [])
        }
    }

    @Test func theKernelsFilterAndOursAgree() throws {
        try Self.run { table, pods in
            for family in AddressFamily.allCases {
                let addresses = pods.compactMap { pod in pod.addresses.first { $0.family == family } }
                let one = try Self.socket(.datagram, in: pods[0], family, port: 2000)
                let other = try Self.socket(.datagram, in: pods[1], family, port: 3000)
                for port in 1...40 {
                    try one.send(to: addresses[1], port: UInt16(port))
                    try other.send(to: addresses[0], port: UInt16(port))
                }
            }
            let everything = try Self.list(table)
            #expect(everything.count == 160)
            for addresses in pods.map(\.addresses) + [pods[0].addresses + pods[1].addresses, [pods[0].addresses[0]]] {
                for selection in [
                    ConnectionSelection(initiators: Set(addresses)),
                    ConnectionSelection(destinations: Set(addresses)),
                    ConnectionSelection(addresses: Set(addresses)),
                ] {
                    let expected = Set(everything.filter(selection.contains))
                    let few = try Self.list(table, selection)
                    #expect(few.count == expected.count)
                    #expect(Set(few).symmetricDifference(expected) == [])
                    // More addresses than are worth a question each.
                    var many = selection
                    for number in 1...100 {
                        many.initiators.insert(
                            try #require(try IPAddress(parsing: "192.0.2.0").advanced(by: UInt128(number))))
                    }
                    let all = try Self.list(table, many)
                    #expect(all.count == expected.count && Set(all).symmetricDifference(expected) == [])
                }
            }
            #expect(try Self.list(table, ConnectionSelection()) == [])
        }
    }

    @Test func aNewerConnectionInTheSamePlaceStays() throws {
        try Self.run { table, pods in
            let target = pods[1].addresses[0]
            let sender = try Self.socket(.datagram, in: pods[0], port: 1024)
            try sender.send(to: target, port: 53)
            let first = try #require(try Self.list(table).first)
            #expect(try table.delete(first))
            #expect(try !table.delete(first))
            #expect(shell("conntrack -L").output.contains("0 flow entries"))
            try sender.send(to: target, port: 53)
            let second = try #require(try Self.list(table).first)
            #expect(second.original == first.original)
            // One with another id, as a newer one has unless the kernel gave it the same memory.
            var other = second
            other.id &+= 1
            #expect(try !table.delete(other))
            #expect(try Self.list(table) == [second])
        }
    }

    @Test func whatIsForgottenIsJudgedAnew() throws {
        let rules = """
            table inet judgement {
                set open { type inet_service; elements = { 53, 54 }; }
                chain forward {
                    type filter hook forward priority 0; policy drop
                    ct state established accept
                    udp dport @open accept
                }
            }
            """
        try Self.run(rules: rules) { table, pods in
            let target = pods[1].addresses[0]
            let client = try Self.socket(.datagram, in: pods[0], port: 1024)
            let servers = try [53, 54].map { try Self.socket(.datagram, in: pods[1], port: $0) }
            for (server, port) in zip(servers, [53, 54] as [UInt16]) {
                try client.send(to: target, port: port)
                #expect(server.hears())
                try server.send(to: pods[0].addresses[0], port: 1024)
                #expect(client.hears())
            }
            // Policy takes port 53 away; what is established passes all the same, until it is forgotten.
            #expect(shell("nft delete element inet judgement open { 53 }").status == 0)
            try client.send(to: target, port: 53)
            #expect(servers[0].hears())
            let sweep = ConnectionSweep(ConnectionSelection(destinations: [target])) { $0.destinationPort == 54 }
            #expect(try table.sweep(sweep) == 1)
            try client.send(to: target, port: 53)
            try client.send(to: target, port: 54)
            #expect(servers[1].hears())
            #expect(!servers[0].hears(within: 50))
            #expect(try Self.list(table).map(\.destinationPort) == [54])
        }
    }

    @Test func zonesAreKeptApart() throws {
        let rules = """
            table inet zones {
                chain raw {
                    type filter hook prerouting priority -300
                    udp dport 53 ct zone set 5
                    udp dport 54 ct original zone set 6
                }
                chain forward { type filter hook forward priority 0; ct state established accept; }
            }
            """
        try Self.run(rules: rules) { table, pods in
            let sender = try Self.socket(.datagram, in: pods[0], port: 1024)
            for port in 53...55 { try sender.send(to: pods[1].addresses[0], port: UInt16(port)) }
            let list = try Self.list(table).sorted { ($0.destinationPort ?? 0) < ($1.destinationPort ?? 0) }
            #expect(list.map(\.zone) == [5, 0, 0])
            #expect(list.map(\.original.zone) == [0, 6, 0])
            for connection in list { #expect(try table.delete(connection)) }
            #expect(try Self.list(table) == [])
        }
    }

    @Test func thousandsGoAndTheOthersStay() throws {
        try Self.run { table, pods in
            let one = try Self.socket(.datagram, in: pods[0], port: 1024)
            let other = try Self.socket(.datagram, in: pods[1], .ipv6, port: 1024)
            for port in 1...5000 { try one.send(to: pods[1].addresses[0], port: UInt16(port)) }
            for port in 1...10 { try other.send(to: pods[0].addresses[1], port: UInt16(port)) }
            #expect(try table.delete(allOf: pods[1].addresses[0]) == 5000)
            #expect(shell("conntrack -C").output == "10\n")
            #expect(try table.delete(allOf: pods[1].addresses[0]) == 0)
        }
    }

    @Test func refusalsSayWhichConnection() throws {
        try Self.run { table, pods in
            let sender = try Self.socket(.datagram, in: pods[0], port: 1024)
            try sender.send(to: pods[1].addresses[0], port: 53)
            var connection = try #require(try Self.list(table).first)
            // A tuple of two families is none.
            connection.original.destination = pods[1].addresses[1]
            let error = #expect(throws: ConntrackError.self) { try table.delete(connection) }
            #expect(
                error?.description.hasPrefix("delete connection udp 10.1.2.1:1024 -> [fd00:1:2::2]:53") == true)
            #expect(try Self.list(table).count == 1)
        }
    }
}
