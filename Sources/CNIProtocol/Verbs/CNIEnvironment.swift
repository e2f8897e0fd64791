/// The variables by which a runtime tells what it wants (CNI spec 1.1, section 2), validated for the verb.
public struct CNIEnvironment: Hashable, Sendable {
    /// The verb.
    public let command: CNICommand
    /// The container; empty only for verbs that are not about one.
    public let containerID: String
    /// The path of the container's network namespace, nil when it was missing or empty (allowed for DEL).
    public let netns: String?
    /// The name of the interface inside the container; empty only for verbs that are not about one.
    public let ifname: String
    /// The pairs of `CNI_ARGS`.
    public let args: CNIArguments
    /// The search path for delegated plugins, as given.
    public let path: String
    /// Whether `CNI_NETNS_OVERRIDE` allows the plugin's own namespace as the container's.
    public let allowsOwnNamespace: Bool

    /// The variables that are read, in the order in which messages name them and frames carry them.
    public static let variables = [
        "CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_PATH", "CNI_ARGS", "CNI_NETNS_OVERRIDE",
    ]

    /// Reads and validates every variable, nil or empty meaning that it is not set; a failure has code 4 and names
    /// each variable that is missing or invalid.
    ///
    /// DEL, and the verbs that are not about a container, go on over malformed pieces of `CNI_ARGS`: what such a piece
    /// made an ADD refuse must still be undone.
    public init(reading variable: (String) -> String?) throws(CNIError) {
        func read(_ name: String) -> String { variable(name) ?? "" }

        let verb = read("CNI_COMMAND")
        guard let command = CNICommand(rawValue: verb) else {
            throw CNIError(
                .invalidEnvironment, verb.isEmpty ? "CNI_COMMAND is missing" : "CNI_COMMAND is \"\(verb)\", not a verb")
        }
        let missing = Self.required(for: command).filter { read($0).isEmpty }
        guard missing.isEmpty else {
            let names = missing.joined(separator: ", ")
            throw CNIError(.invalidEnvironment, "\(command.rawValue) needs \(names), which the environment lacks")
        }
        self.command = command
        containerID = read("CNI_CONTAINERID")
        let netns = read("CNI_NETNS")
        self.netns = netns.isEmpty ? nil : netns
        ifname = read("CNI_IFNAME")
        path = read("CNI_PATH")
        args = CNIArguments(read("CNI_ARGS"))
        let override = read("CNI_NETNS_OVERRIDE")
        allowsOwnNamespace = !override.isEmpty && (override == "1" || override.lowercased() == "true")

        let faults = faults
        guard faults.isEmpty else {
            throw CNIError(.invalidEnvironment, faults.joined(separator: "; "))
        }
    }

    /// The variables that the specification demands for a verb.
    private static func required(for command: CNICommand) -> [String] {
        switch command {
        case .add, .check: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"]
        case .del: ["CNI_CONTAINERID", "CNI_IFNAME"]
        case .gc: ["CNI_PATH"]
        case .status, .version: []
        }
    }

    private var faults: [String] {
        var faults: [String] = []
        switch command {
        case .add, .check, .del:
            if !CNINames.isIdentifier(containerID) {
                faults.append(
                    "CNI_CONTAINERID is \"\(containerID)\": a letter or digit, then letters, digits, '.', '_', '-'")
            }
            if let fault = CNINames.fault(interfaceName: ifname) { faults.append("CNI_IFNAME \"\(ifname)\" \(fault)") }
        case .gc, .status, .version: break
        }
        if command == .add || command == .check, let piece = args.malformed.first {
            faults.append("CNI_ARGS holds \"\(piece)\", which is not KEY=value")
        }
        return faults
    }
}

extension CNIEnvironment {
    /// The variables that are set, as an ``AgentRequest`` carries them.
    public static func entries(reading variable: (String) -> String?) -> [AgentRequest.Entry] {
        variables.compactMap { name in variable(name).map { AgentRequest.Entry(name, $0) } }
    }
}
