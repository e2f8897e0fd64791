import Addresses
import Policies

extension PolicyCase {
    /// A block of peers as a function of the addresses that pods have.
    private typealias Block = @Sendable (CaseWorld) -> [NetworkPolicy.Peer]

    /// Blocks for both directions of x/a; the pods that they mean, where that does not depend on addresses.
    private static let selections: [(name: String, family: AddressFamily, peers: Block, pods: [String]?)] = [
        ("the address of a pod", .ipv4, { $0.block("y/b") }, ["y/b"]),
        ("the IPv6 address of a pod", .ipv6, { $0.block("y/b", .ipv6) }, ["y/b"]),
        ("the addresses of two pods", .ipv4, { $0.block("y/b") + $0.block("z/c") }, ["y/b", "z/c"]),
        ("a block of 28 bits around a pod", .ipv4, { $0.block("y/b", length: 28) }, nil),
        ("a block of 24 bits around a pod", .ipv4, { $0.block("y/a", length: 24) }, nil),
        ("a block of 120 bits around a pod", .ipv6, { $0.block("y/a", .ipv6, length: 120) }, nil),
        ("all of IPv4", .ipv4, { $0.block("x/a", length: 0) }, ["*"]),
        ("all of IPv6", .ipv6, { $0.block("x/a", .ipv6, length: 0) }, ["*"]),
        ("both halves of IPv4", .ipv4, { $0.halves(.ipv4) }, ["*"]),
        ("all of IPv4 except a pod", .ipv4, { $0.block("x/a", length: 0, except: [("y/b", 32)]) }, except(["y/b"])),
        (
            "all of IPv6 except a pod", .ipv6, { $0.block("x/a", .ipv6, length: 0, except: [("y/b", 128)]) },
            except(["y/b"])
        ),
        (
            "all of IPv4 except three pods", .ipv4,
            { $0.block("x/a", length: 0, except: [("y/a", 32), ("y/b", 32), ("z/a", 32)]) },
            except(["y/a", "y/b", "z/a"])
        ),
        ("a block of 24 bits except 28 of them", .ipv4, { $0.block("y/b", length: 24, except: [("y/b", 28)]) }, nil),
        (
            "exceptions that overlap", .ipv4, { $0.block("y/b", length: 16, except: [("y/b", 32), ("y/b", 29)]) }, nil
        ),
        ("a block less all of itself", .ipv4, { $0.block("y/b", length: 24, except: [("y/b", 24)]) }, []),
        (
            "a block beside the one that excepts", .ipv4,
            { $0.block("x/a", length: 0, except: [("y/b", 32), ("y/c", 32)]) + $0.block("y/b") }, except(["y/c"])
        ),
        ("addresses outside of the cluster", .ipv4, { _ in outside }, []),
        ("a block or pods", .ipv4, { $0.block("y/b") + [.pods(.pod("c"), in: .any)] }, ["y/b", "*/c"]),
    ]

    /// 192.0.2.0/24, which is for documents.
    private static let outside: [NetworkPolicy.Peer] =
        IPPrefix("192.0.2.0/24").map { [.block($0, except: [])] } ?? []

    /// All pods but these.
    private static func except(_ pods: [String]) -> [String] {
        ["x", "y", "z"].flatMap { space in ["a", "b", "c"].map { "\(space)/\($0)" } }.filter { !pods.contains($0) }
    }

    /// Who is at the other end, by addresses; also those of pods.
    static let blocks: [PolicyCase] = singles + several

    private static let singles: [PolicyCase] = selections.flatMap { name, family, peers, pods in
        NetworkPolicy.Direction.allCases.map { direction in
            let expected = pods.map { [HandTable.only(direction, "x/a", $0, family: family)] } ?? []
            return PolicyCase(
                "\(word(direction)) with \(name)", .blocks,
                [
                    Step(expected: expected) { world in
                        [.put(.about("x/a", direction, [.init(peers: peers(world))]))]
                    }
                ])
        }
    }

    private static let several: [PolicyCase] = NetworkPolicy.Direction.allCases.flatMap { direction in
        [
            PolicyCase(
                "\(word(direction)): another policy may allow what a block excepts", .blocks,
                [
                    Step(expected: [.only(direction, "x/a", except(["y/b"]), family: .ipv4)]) { world in
                        let peers = world.block("x/a", length: 0, except: [("y/b", 32)])
                        return [.put(.about("x/a", direction, [.init(peers: peers)]))]
                    },
                    Step(expected: [.only(direction, "x/a", ["*"], family: .ipv4)]) { world in
                        [.put(.about("x/a", name: "more", direction, [.init(peers: world.block("y/b"))]))]
                    },
                ]),
            PolicyCase(
                "\(word(direction)) with a block on UDP 80", .blocks,
                [
                    Step(
                        expected: [
                            .only(direction, "x/a", ["y/b"], [.udp80], family: .ipv4),
                            .only(direction, "x/a", [], PolicyOracle.Traffic.all(but: [.udp80])),
                        ]
                    ) { world in
                        [.put(.about("x/a", direction, [.init(peers: world.block("y/b"), ports: [.udp(80)])]))]
                    }
                ]),
        ]
    }
}

extension CaseWorld {
    /// A block around a pod's address, less blocks around those of others.
    fileprivate func block(
        _ pod: String, _ family: AddressFamily = .ipv4, length: Int? = nil, except: [(String, Int)] = []
    ) -> [NetworkPolicy.Peer] {
        let exceptions = except.compactMap { prefix($0.0, family, length: $0.1) }
        return prefix(pod, family, length: length).map { [.block($0, except: exceptions)] } ?? []
    }

    /// The family in two blocks.
    fileprivate func halves(_ family: AddressFamily) -> [NetworkPolicy.Peer] {
        guard let whole = prefix("x/a", family, length: 0) else { return [] }
        return [0, 1].compactMap { whole.subprefix($0, length: 1) }.map { .block($0, except: []) }
    }
}
