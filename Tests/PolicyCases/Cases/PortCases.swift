import Addresses
import Policies

extension PolicyCase {
    /// Ports for both directions of x/a, and what of the traffic that is probed they allow.
    private static let selections: [(name: String, ports: [NetworkPolicy.Port], traffic: [PolicyOracle.Traffic])] = [
        ("no ports", [], traffic),
        ("TCP without a port", [.init(.tcp)], [.tcp80, .tcp81]),
        ("UDP without a port", [.init(.udp)], [.udp80, .udp81]),
        ("SCTP without a port", [.init(.sctp)], [.sctp80, .sctp81]),
        ("TCP and UDP without ports", [.init(.tcp), .init(.udp)], [.tcp80, .tcp81, .udp80, .udp81]),
        ("TCP 80", [.tcp(80)], [.tcp80]),
        ("UDP 80", [.udp(80)], [.udp80]),
        ("SCTP 80", [.sctp(80)], [.sctp80]),
        ("TCP 80 and 81", [.tcp(80), .tcp(81)], [.tcp80, .tcp81]),
        ("TCP 80 and UDP 81", [.tcp(80), .udp(81)], [.tcp80, .udp81]),
        ("one port of three protocols", [.tcp(81), .udp(81), .sctp(81)], [.tcp81, .udp81, .sctp81]),
        ("a port that nobody listens on", [.tcp(7981)], []),
        ("a port of all protocols but TCP", [.udp(80), .sctp(80)], [.udp80, .sctp80]),
        ("a range of one port", [.tcp(80, through: 80)], [.tcp80]),
        ("a range of both ports", [.tcp(80, through: 81)], [.tcp80, .tcp81]),
        ("a range that ends with a port", [.tcp(1, through: 80)], [.tcp80]),
        ("a range that begins with a port", [.udp(81, through: 65535)], [.udp81]),
        ("a range of all ports", [.tcp(1, through: 65535)], [.tcp80, .tcp81]),
        ("a range beside the ports", [.tcp(82, through: 90)], []),
        ("ranges that overlap", [.tcp(70, through: 80), .tcp(75, through: 85)], [.tcp80, .tcp81]),
        ("a range of SCTP", [.sctp(80, through: 81)], [.sctp80, .sctp81]),
        ("a range and all ports of its protocol", [.udp(1, through: 2), .init(.udp)], [.udp80, .udp81]),
        ("a name of TCP", [.named("serve-80-tcp")], [.tcp80]),
        ("a name of UDP", [.named("serve-81-udp", .udp)], [.udp81]),
        ("a name of SCTP", [.named("serve-80-sctp", .sctp)], [.sctp80]),
        ("a name with another protocol than its own", [.named("serve-80-tcp", .udp)], []),
        ("a name that nobody has", [.named("nothing")], []),
        ("a name that nobody has beside a number", [.named("nothing"), .tcp(81)], [.tcp81]),
        ("a name and its number", [.named("serve-80-tcp"), .tcp(80)], [.tcp80]),
        (
            "names of three protocols",
            [.named("serve-80-tcp"), .named("serve-80-udp", .udp), .named("serve-81-sctp", .sctp)],
            [.tcp80, .udp80, .sctp81]
        ),
    ]

    /// Protocols, ports and their names.
    static let ports: [PolicyCase] = alike + named

    private static let alike: [PolicyCase] = selections.flatMap { name, ports, traffic in
        NetworkPolicy.Direction.allCases.map { direction in
            single(
                "\(word(direction)) on \(name)", .ports, .about("x/a", direction, [.init(ports: ports)]),
                expected: HandTable.passing(direction, "x/a", traffic))
        }
    }

    /// Names that mean different numbers on different pods.
    private static let named: [PolicyCase] = [
        single(
            "ingress on a name that is another number on each pod", .ports,
            .about("x", .ingress, [.init(ports: [.named("web")])]),
            expected: [
                HandTable([.tcp80], blocked: ["* > x/*"], except: ["* > x/a"]),
                HandTable([.tcp81], blocked: ["* > x/*"], except: ["* > x/b"]),
                HandTable([.udp80, .udp81, .sctp80, .sctp81], blocked: ["* > x/*"]),
            ]),
        single(
            "egress on a name that is another number on each destination", .ports,
            .about("x", .egress, [.init(ports: [.named("web")])]),
            expected: [
                HandTable([.tcp80], blocked: ["x/* > *"], except: ["x/* > */a"]),
                HandTable([.tcp81], blocked: ["x/* > *"], except: ["x/* > */b"]),
                HandTable([.udp80, .udp81, .sctp80, .sctp81], blocked: ["x/* > *"]),
            ]),
        single(
            "egress on a name of UDP with a namespace", .ports,
            .about("x/a", .egress, [.init(peers: [.namespaces(.namespace("y"))], ports: [.named("dns", .udp)])]),
            expected: [
                HandTable([.udp80], blocked: ["x/a > *"], except: ["x/a > y/a"]),
                HandTable([.udp81], blocked: ["x/a > *"], except: ["x/a > y/b"]),
                HandTable([.tcp80, .tcp81, .sctp80, .sctp81], blocked: ["x/a > *"]),
            ]),
        single(
            "ingress on a name of SCTP from a pod", .ports,
            .about("x", .ingress, [.init(peers: [.pods(.pod("c"), in: .any)], ports: [.named("talk", .sctp)])]),
            expected: [
                HandTable([.sctp80], blocked: ["* > x/*"], except: ["*/c > x/a"]),
                HandTable([.sctp81], blocked: ["* > x/*"], except: ["*/c > x/b"]),
                HandTable([.tcp80, .tcp81, .udp80, .udp81], blocked: ["* > x/*"]),
            ]),
        single(
            "egress on a name that is TCP on one pod and UDP on another", .ports,
            .about("x/c", .egress, [.init(ports: [.named("mixed", .udp)])]),
            expected: [
                HandTable([.udp80], blocked: ["x/c > *"], except: ["x/c > */b"]),
                HandTable([.tcp80, .udp81], blocked: ["x/c > *"]),
            ]),
        PolicyCase(
            "egress on a name goes with addresses of pods", .ports,
            [
                Step(
                    expected: [
                        HandTable([.tcp81], family: .ipv4, blocked: ["x/a > *"], except: ["x/a > y/b"]),
                        HandTable([.tcp80], family: .ipv4, blocked: ["x/a > *"]),
                        HandTable([.tcp81], family: .ipv6, blocked: ["x/a > *"]),
                    ]
                ) { world in
                    let peers = world.prefix("y/b").map { [NetworkPolicy.Peer.block($0, except: [])] } ?? []
                    return [.put(.about("x/a", .egress, [.init(peers: peers, ports: [.named("web")])]))]
                }
            ]),
        single(
            "names of both directions in one policy", .ports,
            .about(
                "x", types: [.ingress, .egress], ingress: [.init(ports: [.named("web")])],
                egress: [.init(ports: [.named("web")])]),
            expected: [
                HandTable([.tcp80], blocked: ["* > x/*", "x/* > *"], except: ["* > x/a", "x/* > y/a", "x/* > z/a"]),
                HandTable([.udp80], blocked: ["* > x/*", "x/* > *"]),
            ]),
    ]
}
