public import Testbed

/// Everything on a machine that an installation may change and must give back.
public struct MachineSnapshot: Sendable, Hashable {
    /// Sentences such as `ip rule: 0: from all lookup local`.
    public let things: Set<String>

    /// Looks at a machine.
    public init(of machine: Machine) async throws(TestbedError) {
        var things: Set<String> = []
        for (name, script) in Self.questions {
            let text = try await machine.program("bash", ["-euo", "pipefail", "-c", script]).text()
            things.formUnion(text.split(separator: "\n").map { "\(name): \($0)" })
        }
        self.things = things
    }

    /// What is here and was not there, and the other way round; empty when nothing is different.
    public func differences(from earlier: MachineSnapshot) -> [String] {
        (things.subtracting(earlier.things).map { "+ \($0)" } + earlier.things.subtracting(things).map { "- \($0)" })
            .sorted()
    }

    /// Counters and lifetimes are left out: they change by themselves.
    private static let questions = [
        ("address", "ip -oneline address show | sed 's/valid_lft.*//'"),
        ("link", "ip -oneline link show"),
        ("route", "ip route show table all"),
        ("route6", "ip -6 route show table all | sed 's/ expires [0-9]*sec//'"),
        ("rule", "ip rule; ip -6 rule"),
        ("neighbour", "ip neighbour show nud permanent"),
        ("nft", "nft list ruleset"),
        (
            "sysctl",
            // Some settings can only be written, and some have no value yet: it says so of each, and fails.
            "{ sysctl -a 2>/dev/null || true; } | grep '^net\\.' | grep -v -e nf_conntrack_count -e random -e base_reachable"
        ),
        (
            "file",
            """
            for folder in /etc/cni /opt/cni /run /var/lib/romana; do
                [ ! -d $folder ] || find $folder -ignore_readdir_race -xdev \\
                    \\( -path /run/tmp -o -path /run/containerd \\) -prune -o -print
            done
            """
        ),
    ]
}
