import Policies
import Testing

/// What NetworkPolicy means, rule by rule: some policies, and what they allow and what not.
struct OracleRule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var policies: [NetworkPolicy]
    var allowed: [String] = []
    var denied: [String] = []

    init(_ name: String, _ policies: NetworkPolicy..., allowed: [String] = [], denied: [String] = []) {
        testDescription = name
        self.policies = policies
        self.allowed = allowed
        self.denied = denied
    }

    private typealias World = OracleWorld
    private static func policy(
        _ app: String? = nil, types: [NetworkPolicy.Direction]? = nil, ingress: [NetworkPolicy.Rule]? = nil,
        egress: [NetworkPolicy.Rule]? = nil, name: String = "p"
    ) -> NetworkPolicy { World.policy(name, app, types: types, ingress: ingress, egress: egress) }
    private static func pods(_ pods: LabelSelector?, in namespaces: LabelSelector? = nil) -> NetworkPolicy.Peer {
        .pods(namespaces: namespaces, pods: pods)
    }
    private static func app(_ name: String) -> LabelSelector { World.labels(["app": name]) }

    static let isolation: [OracleRule] = [
        OracleRule(
            "without policies everything is allowed",
            allowed: ["shop/web -> shop/db tcp/80", "9.9.9.9 -> shop/db udp/1"]),
        OracleRule(
            "a selected pod takes nothing that no rule allows, others take everything", policy("db"),
            allowed: ["shop/db -> shop/web tcp/80", "shop/web -> office/desk tcp/80"],
            denied: ["shop/web -> shop/db tcp/80", "9.9.9.9 -> shop/db tcp/80", "shop/web -> shop/db icmp"]),
        OracleRule(
            "both ends must consent", policy("db", ingress: [.init(peers: [pods(app("web"))])]),
            policy("web", types: [.egress], egress: [.init(peers: [pods(app("cache"))])], name: "q"),
            allowed: ["shop/web -> shop/cache tcp/80"],
            denied: ["shop/web -> shop/db tcp/80", "shop/cache -> shop/db tcp/80"]),
        OracleRule(
            "rules of several policies add up", policy("db"),
            policy("db", ingress: [.init(peers: [pods(app("web"))])], name: "q"),
            allowed: ["shop/web -> shop/db tcp/80"], denied: ["shop/cache -> shop/db tcp/80"]),
        OracleRule(
            "a policy is about its own namespace", policy(),
            allowed: ["shop/web -> office/desk tcp/80"], denied: ["office/desk -> shop/web tcp/80"]),
        OracleRule(
            "a policy that selects nobody isolates nobody", policy("none"), allowed: ["shop/web -> shop/db tcp/80"]),
        OracleRule(
            "without types a policy is about ingress", policy("db", ingress: [.init()]),
            allowed: ["shop/web -> shop/db tcp/80", "shop/db -> shop/web tcp/80"]),
        OracleRule(
            "without types a policy is about egress too if it has rules for it",
            policy("db", egress: [.init(peers: [pods(app("web"))])]),
            allowed: ["shop/db -> shop/web tcp/80"],
            denied: ["shop/db -> shop/cache tcp/80", "shop/web -> shop/db tcp/80"]),
        OracleRule(
            "an empty list for egress is none", policy("db", ingress: [.init()], egress: []),
            allowed: ["shop/db -> shop/web tcp/80"]),
        OracleRule(
            "egress without rules denies all egress", policy("db", types: [.egress]),
            allowed: ["shop/web -> shop/db tcp/80"],
            denied: ["shop/db -> shop/web tcp/80", "shop/db -> 9.9.9.9 udp/53"]
        ),
        OracleRule(
            "rules of a direction that the types leave out say nothing",
            policy("db", types: [.egress], ingress: [.init(peers: [pods(app("web"))])], egress: [.init()]),
            allowed: ["shop/cache -> shop/db tcp/80", "shop/db -> shop/cache tcp/80"]),
    ]

    static func peers() throws -> [OracleRule] {
        try [
            OracleRule(
                "selected pods of the policy's own namespace",
                policy("db", ingress: [.init(peers: [pods(LabelSelector())])]),
                allowed: ["shop/web -> shop/db tcp/80"],
                denied: ["office/desk -> shop/db tcp/80", "9.9.9.9 -> shop/db tcp/80"]),
            OracleRule(
                "all namespaces", policy("db", ingress: [.init(peers: [pods(nil, in: LabelSelector())])]),
                allowed: ["shop/web -> shop/db tcp/80", "office/desk -> shop/db tcp/80"],
                denied: ["9.9.9.9 -> shop/db tcp/80", "node:n1 -> shop/db tcp/80"]),
            OracleRule(
                "a namespace by its labels",
                policy("db", ingress: [.init(peers: [pods(nil, in: World.labels(["team": "desk"]))])]),
                allowed: ["office/desk -> shop/db tcp/80"], denied: ["shop/web -> shop/db tcp/80"]),
            OracleRule(
                "a namespace by its name",
                policy(
                    "db",
                    ingress: [.init(peers: [pods(nil, in: World.labels(["kubernetes.io/metadata.name": "office"]))])]),
                allowed: ["office/desk -> shop/db tcp/80"], denied: ["shop/web -> shop/db tcp/80"]),
            OracleRule(
                "both selectors of a peer must match",
                policy("db", ingress: [.init(peers: [pods(app("web"), in: World.labels(["team": "desk"]))])]),
                denied: ["office/desk -> shop/db tcp/80", "shop/web -> shop/db tcp/80"]),
            OracleRule(
                "one of two peers is enough",
                policy(
                    "db", ingress: [.init(peers: [pods(app("web")), pods(nil, in: World.labels(["team": "desk"]))])]),
                allowed: ["office/desk -> shop/db tcp/80", "shop/web -> shop/db tcp/80"],
                denied: ["shop/cache -> shop/db tcp/80"]),
            OracleRule(
                "In and NotIn",
                policy("db", ingress: [.init(peers: [pods(World.demand("app", .isIn, "web", "none"))])]),
                policy("web", ingress: [.init(peers: [pods(World.demand("tier", .isNotIn, "back"))])], name: "q"),
                allowed: ["shop/web -> shop/db tcp/80", "shop/db -> shop/web tcp/80"],
                denied: ["shop/cache -> shop/db tcp/80", "shop/cache -> shop/web tcp/80"]),
            OracleRule(
                "Exists and DoesNotExist", policy("db", ingress: [.init(peers: [pods(World.demand("tier", .exists))])]),
                policy("web", ingress: [.init(peers: [pods(World.demand("tier", .doesNotExist))])], name: "q"),
                allowed: ["shop/cache -> shop/db tcp/80", "shop/db -> shop/web tcp/80"],
                denied: ["shop/web -> shop/db tcp/80", "shop/cache -> shop/web tcp/80"]),
            OracleRule(
                "a block is of addresses, those of pods too, in its family",
                policy("db", ingress: [.init(peers: [World.block("10.0.0.0/30")])]),
                allowed: ["shop/web -> shop/db tcp/80", "10.0.0.0 -> shop/db tcp/80"],
                denied: [
                    "office/desk -> shop/db tcp/80", "9.9.9.9 -> shop/db tcp/80", "shop/web -> shop/db tcp/80 6",
                ]),
            OracleRule(
                "an exception cuts from its own block only",
                policy(
                    "db",
                    ingress: [.init(peers: [World.block("10.0.0.0/8", except: "10.0.0.0/31", "10.0.0.4/32")])]),
                policy("db", ingress: [.init(peers: [World.block("10.0.0.4/32")])], name: "q"),
                allowed: ["shop/cache -> shop/db tcp/80", "office/desk -> shop/db tcp/80"],
                denied: ["shop/web -> shop/db tcp/80"]),
            OracleRule(
                "blocks of IPv6",
                policy("db", types: [.egress], egress: [.init(peers: [World.block("::/0", except: "fd00::4/128")])]),
                allowed: ["shop/db -> shop/web tcp/80 6", "shop/db -> 2001:db8::1 tcp/80 6"],
                denied: ["shop/db -> office/desk tcp/80 6", "shop/db -> shop/web tcp/80"]),
        ]
    }

    static let ports: [OracleRule] = [
        OracleRule(
            "a port is of one protocol, TCP where nothing is said",
            policy("db", ingress: [.init(ports: [.init(.tcp, .number(80))])]),
            allowed: ["shop/web -> shop/db tcp/80", "9.9.9.9 -> shop/db tcp/80"],
            denied: [
                "shop/web -> shop/db tcp/81", "shop/web -> shop/db udp/80", "shop/web -> shop/db sctp/80",
                "shop/web -> shop/db icmp",
            ]),
        OracleRule(
            "an empty rule is for every protocol", policy("db", ingress: [.init()]),
            allowed: ["shop/web -> shop/db sctp/1", "shop/web -> shop/db icmp", "shop/web -> shop/db icmp 6"]),
        OracleRule(
            "a protocol without a port is all of its ports", policy("db", ingress: [.init(ports: [.init(.udp)])]),
            allowed: ["shop/web -> shop/db udp/1", "shop/web -> shop/db udp/65535"],
            denied: ["shop/web -> shop/db tcp/1"]),
        OracleRule(
            "a range includes both its ends",
            policy("db", ingress: [.init(ports: [.init(.tcp, .number(80), endPort: 82)])]),
            allowed: ["shop/web -> shop/db tcp/80", "shop/web -> shop/db tcp/82"],
            denied: ["shop/web -> shop/db tcp/79", "shop/web -> shop/db tcp/83", "shop/web -> shop/db udp/81"]),
        OracleRule(
            "a name is that of the selected pod's port for ingress",
            policy(ingress: [.init(ports: [.init(.tcp, .name("http"))])]),
            allowed: ["office/desk -> shop/web tcp/80", "office/desk -> shop/db tcp/8080"],
            denied: ["office/desk -> shop/web tcp/8080", "office/desk -> shop/db tcp/80"]),
        OracleRule(
            "a name is that of each destination's port for egress",
            policy("web", types: [.egress], egress: [.init(ports: [.init(.tcp, .name("http"))])]),
            allowed: [
                "shop/web -> shop/cache tcp/80", "shop/web -> shop/db tcp/8080", "shop/web -> office/desk tcp/81",
            ],
            denied: ["shop/web -> shop/db tcp/80", "shop/web -> 9.9.9.9 tcp/80", "shop/web -> node:n2 tcp/80"]),
        OracleRule(
            "a name goes with its protocol, and one that nobody has opens nothing",
            policy(
                "db",
                ingress: [
                    .init(ports: [.init(.tcp, .name("dns")), .init(.udp, .name("http")), .init(.tcp, .name("none"))])
                ]),
            denied: ["shop/web -> shop/db tcp/53", "shop/web -> shop/db udp/53", "shop/web -> shop/db udp/8080"]),
        OracleRule(
            "peers and ports of one rule go together, rules do not",
            policy(
                "db",
                ingress: [
                    .init(peers: [pods(app("web"))], ports: [.init(.tcp, .number(80))]),
                    .init(peers: [pods(app("cache"))], ports: [.init(.tcp, .number(81))]),
                ]),
            allowed: ["shop/web -> shop/db tcp/80", "shop/cache -> shop/db tcp/81"],
            denied: ["shop/web -> shop/db tcp/81", "shop/cache -> shop/db tcp/80"]),
        OracleRule(
            "SCTP opens no TCP, and isolates", policy("db", ingress: [.init(ports: [.init(.sctp, .number(80))])]),
            allowed: ["shop/web -> shop/db sctp/80"],
            denied: ["shop/web -> shop/db tcp/80", "shop/web -> shop/db sctp/81"]),
    ]

    static func ends() throws -> [OracleRule] {
        try [
            OracleRule(
                "a pod always reaches itself", policy(types: [.ingress, .egress]),
                allowed: ["shop/web -> shop/web tcp/80", "10.0.0.1 -> shop/web tcp/80"],
                denied: ["shop/web -> shop/db tcp/80"]),
            OracleRule(
                "a node always reaches its own pods, and they it; another node is an address",
                policy(types: [.ingress, .egress]),
                allowed: [
                    "node:n1 -> shop/web tcp/80", "shop/web -> node:n1 tcp/80", "192.168.0.1 -> shop/web tcp/80",
                    "shop/proxy -> shop/db tcp/80", "shop/db -> shop/proxy tcp/80",
                ],
                denied: ["node:n2 -> shop/web tcp/80", "shop/web -> node:n2 tcp/80", "shop/proxy -> shop/web tcp/80"]),
            OracleRule(
                "a pod on its node's network is no pod to a selector, but has the node's address",
                policy("web", ingress: [.init(peers: [pods(LabelSelector(), in: LabelSelector())])]),
                policy("cache", ingress: [.init(peers: [World.block("192.168.0.2/32")])], name: "q"),
                allowed: [
                    "shop/proxy -> shop/cache tcp/80", "node:n2 -> shop/cache tcp/80", "node:n1 -> shop/proxy tcp/80",
                ],
                denied: ["shop/proxy -> shop/web tcp/80", "shop/db -> shop/cache tcp/80"]),
        ]
    }
}
