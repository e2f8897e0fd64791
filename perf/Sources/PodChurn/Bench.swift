import Glibc

/// Makes what takes part in a run.
struct Bench {
    let nothing: String
    let plugins: String
    /// The folder of our programs, and our plugin.
    let ours: (programs: String, plugin: String)?
    let scratch: String
    let out: String
    let log: Int32

    /// Namespaces for pods, made beforehand and used by all subjects in turn.
    func sandboxes(_ count: Int) throws -> [Sandbox] {
        try (0..<count).map { number in
            let path = "\(scratch)/pod-\(number)"
            return Sandbox(path: path, descriptor: try Node.makeNamespace(path))
        }
    }

    /// What VERSION is asked of: nothing first, ours if it is there, and a reference plugin.
    var startUp: StartUp {
        let ours = ours.map { StartUp.Program(name: "romana-cni", path: $0.plugin, answers: true) }
        return StartUp(
            programs: [.init(name: "nothing", path: nothing, answers: false)] + [ours].compactMap(\.self)
                + [.init(name: "ptp", path: plugins + "/ptp", answers: true)],
            log: log)
    }

    func subject(_ name: String) throws -> any Subject {
        let node = try Node("node-\(name)", in: scratch)
        switch name {
        case "floor": return try FloorSubject(node: node, nothing: nothing, log: log)
        case "romana": return try romana(name, node: node, blockMask: 24)
        case "romana-29": return try romana(name, node: node, blockMask: 29)
        case "ptp": return reference(name, node: node, config: #""type":"ptp","ipMasq":false,"#)
        case "bridge":
            return reference(
                name, node: node, config: #""type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":false,"#)
        default: throw BenchFailure("there is no subject \(name)")
        }
    }

    private func romana(_ name: String, node: Node, blockMask: Int) throws -> any Subject {
        guard let ours else { throw BenchFailure("\(name) takes part, but --programs or --plugin is missing") }
        return try RomanaNode(
            name: name, node: node, programs: ours.programs, plugin: ours.plugin, directory: "\(scratch)/\(name)",
            out: out, blockMask: blockMask
        ).start(log: log)
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
