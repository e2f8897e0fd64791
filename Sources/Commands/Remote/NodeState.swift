import CNIProtocol

/// What an agent says of its node; fields that it leaves out are empty.
struct NodeState: Sendable {
    /// The whole answer.
    let document: JSONValue

    init(_ document: JSONValue) { self.document = document }

    /// The name of the node.
    var node: String { text("node") }
    /// The version of the agent.
    var version: String { text("version") }
    /// Whether an ADD could be served.
    var isReady: Bool { document["ready"]?.boolValue ?? false }
    /// Why not, empty if it could.
    var problem: String { text("problem") }
    /// The pods' interfaces.
    var attachments: [JSONValue] { document["attachments"]?.arrayValue ?? [] }
    /// The blocks that the node owns.
    var blocks: [JSONValue] { document["blocks"]?.arrayValue ?? [] }
    /// The routes to other nodes.
    var routes: [JSONValue] { document["routes"]?.arrayValue ?? [] }
    /// Which sources are connected, by name; null for one that nothing was asked of yet.
    var sources: [(key: String, value: JSONValue)] { document["sources"]?.members ?? [] }

    /// The duties for the whole cluster that the agent has.
    var ownDuties: [String] {
        (document["duties"]?.members ?? []).filter { $0.value["own"]?.boolValue == true }.map(\.key)
    }

    /// The daemons that the agent knows, as roots of URLs.
    var daemons: [String] { (document["daemons"]?.arrayValue ?? []).compactMap(\.stringValue) }

    private func text(_ key: String) -> String { document[key].shown }

    /// The elements of one of the lists, each with the node's name ahead.
    func labelled(_ elements: [JSONValue]) -> [JSONValue] {
        elements.map { .object([(key: "node", value: .string(node))] + ($0.members ?? [])) }
    }
}

extension JSONValue? {
    /// A scalar as a cell shows it; nothing for what is absent or null, JSON for arrays and objects.
    var shown: String {
        switch self {
        case nil, .null?: ""
        case .string(let text)?: text
        case let value?: value.text
        }
    }
}
