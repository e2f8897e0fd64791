import Testbed

/// A host outside of the cluster, behind the fabric as its router, with no route to pods.
struct OutsideHost {
    let namespace: Namespace

    /// Its own addresses.
    static let addresses = ["198.51.100.2", "2001:db8:51::2"]

    /// Makes it; `Cluster` takes it away with its other namespaces.
    init(of fabric: Fabric) async throws {
        namespace = Namespace("\(fabric.prefix)-outside")
        try await Namespace.add([namespace])
        try await Program(
            "sysctl", ["-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"],
            namespace: fabric.namespace.path
        ).text()
        try await IPRoute2.batch(
            [
                "link add outside type veth peer name eth0 netns \(namespace.name)",
                "address add 198.51.100.1/24 dev outside",
                "address add 2001:db8:51::1/64 dev outside nodad",
                "link set outside up",
            ], in: fabric.namespace)
        try await IPRoute2.batch(
            [
                "address add 198.51.100.2/24 dev eth0",
                "address add 2001:db8:51::2/64 dev eth0 nodad",
                "link set eth0 up",
                "route add default via 198.51.100.1",
                "route add ::/0 via 2001:db8:51::1",
            ], in: namespace)
    }

    /// Gives it more addresses, which the fabric sends to it.
    func take(_ addresses: [String], on fabric: Fabric) async throws {
        let all = addresses.map {
            ($0.contains(":") ? "-6" : "-4", $0.contains(":") ? "2001:db8:51::2" : "198.51.100.2", $0)
        }
        for (family, gateway, address) in all {
            try await Program(
                "ip", [family, "route", "add", address, "via", gateway], namespace: fabric.namespace.path
            )
            .text()
            let nodad = family == "-6" ? ["nodad"] : []
            try await Program(
                "ip", [family, "address", "add", address, "dev", "lo"] + nodad, namespace: namespace.path
            )
            .text()
        }
    }
}
