import Glibc

/// Makes what takes part in a run.
struct Bench {
    let nothing: String
    let plugins: String
    let binaries: String?
    let scratch: String
    let log: Int32

    /// Namespaces for pods, made beforehand and used by all subjects in turn.
    func sandboxes(_ count: Int) throws -> [Sandbox] {
        try (0..<count).map { number in
            let path = "\(scratch)/pod-\(number)"
            return Sandbox(path: path, descriptor: try Node.makeNamespace(path))
        }
    }

    func subject(_ name: String) throws -> any Subject {
        let node = try Node("node-\(name)", in: scratch)
        switch name {
        case "floor": return try FloorSubject(node: node, nothing: nothing, log: log)
        case "ptp": return reference(name, node: node, config: #""type":"ptp","ipMasq":false,"#)
        case "bridge":
            return reference(
                name, node: node, config: #""type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":false,"#)
        default: throw BenchFailure("there is no subject \(name)")
        }
    }

    /// Debian's plugins without masquerade, which would cost them an iptables process or more for every pod.
    private func reference(_ name: String, node: Node, config: String) -> PluginSubject {
        PluginSubject(
            name: name, node: node, program: "\(plugins)/\(name)", pluginPath: plugins,
            config: #"{"cniVersion":"1.0.0","name":"bench-\#(name)",\#(config)"#
                + #""ipam":{"type":"host-local","dataDir":"\#(scratch)/host-local","#
                + #""ranges":[[{"subnet":"10.80.0.0/16"}]],"routes":[{"dst":"0.0.0.0/0"}]}}"#,
            log: log)
    }
}
