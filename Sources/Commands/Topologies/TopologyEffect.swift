import CNIProtocol

/// What a topology would change, as the daemon's answer to a dry run tells.
struct TopologyEffect: Picture {
    private let answer: JSONValue

    init(_ answer: JSONValue) { self.answer = answer }

    func text(width: Int?, usesColour: Bool) -> String { Lines(lines).text(width: width, usesColour: usesColour) }

    /// The change in words, line by line.
    var lines: [String] {
        if answer["unchanged"] == true { return ["Nothing would change."] }
        let hosts = answer["hosts"]
        let blocks = answer["blocks"]
        return elements(answer["networks"]).flatMap(network)
            + elements(hosts?["moved"]).map(move)
            + elements(hosts?["added"]).map { "host \(JSONValue?.some($0).shown): added" }
            + elements(blocks?["outside"]).map { block($0, "kept outside of its host's group") }
            + elements(blocks?["blacked_out"]).map { block($0, "kept in a blackout") }
            + elements(blocks?["given_back"]).map { block($0, "not in use, goes back") }
            + ["blocks in use: \(blocks?["kept"].shown ?? ""), all kept"]
    }

    private func elements(_ list: JSONValue?) -> [JSONValue] { list?.arrayValue ?? [] }

    private func network(_ network: JSONValue) -> [String] {
        let notes = elements(network["notes"]).map { JSONValue?.some($0).shown }
        var lines = ["network \(network["name"].shown)" + (notes.isEmpty ? "" : ": " + notes.joined(separator: "; "))]
        for quantity in ["blocks", "addresses"] {
            let (before, after) = (number(network["\(quantity)_before"]), number(network["\(quantity)_after"]))
            if before != after { lines.append("  \(quantity) \(before) -> \(after)") }
        }
        return lines + elements(network["groups"]).map { "  group " + group($0) }
    }

    private func group(_ change: JSONValue) -> String {
        let (before, after) = (place(change["before"]), place(change["after"]))
        return switch change["kind"].shown {
        case "removed": "\(before ?? ""): removed"
        case "renamed": "\(after ?? ""): renamed from \(change["before"]?["path"].shown ?? "")"
        case "recut": "\(after ?? ""): recut from \(change["before"]?["cidr"].shown ?? "")"
        case let kind: "\(after ?? before ?? ""): \(kind)"
        }
    }

    private func move(_ move: JSONValue) -> String {
        let (from, to) = (place(move["from"]), place(move["to"]))
        let (host, network) = ("host \(move["host"].shown)", "network \(move["network"].shown)")
        guard let from else { return "\(host): joins \(network) in \(to ?? "no group")" }
        guard let to else { return "\(host): leaves \(network), where it was in \(from)" }
        return "\(host): \(network), new blocks from \(to) instead of \(from)"
    }

    private func block(_ block: JSONValue, _ fate: String) -> String {
        "block \(block["cidr"].shown) of host \(block["host"].shown): \(fate)"
    }

    /// `rack-1 (10.0.0.0/16)`.
    private func place(_ group: JSONValue?) -> String? {
        guard let group, !group.isNull else { return nil }
        return "\(group["path"].shown) (\(group["cidr"].shown))"
    }

    /// Numbers may come as text, where readers of JSON could not hold them.
    private func number(_ value: JSONValue?) -> String { UInt128(value.shown).map(Quantity.text) ?? value.shown }
}
