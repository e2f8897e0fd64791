import Addresses

/// A network as a document has it, with everything that is wrong with it.
struct NetworkDraft: Decodable {
    let name: String
    /// The network; nil when something is wrong.
    let network: Network?
    /// Whether the document says which parts of it are blacked out.
    let statesBlackouts: Bool
    let problems: [TopologyError]

    init(from decoder: any Decoder) throws {
        let object = try LooseContainer(decoder)
        let name = try object.value(String.self, "name") ?? ""
        let text = try object.value(String.self, "cidr")
        let tenants = try object.value([String].self, "tenants") ?? []
        let mask = try object.value(Int.self, "block_mask")
        let blackouts = try object.value([String].self, "blacked_out")
        var problems: [TopologyError] = []
        func prefix(_ text: String, _ field: String) -> IPPrefix? {
            do throws(AddressError) {
                return try IPPrefix(parsing: text)
            } catch {
                problems.append(TopologyError(field: object.field(field), problem: "\(error), in network \(name)"))
                return nil
            }
        }
        if text == nil {
            problems.append(TopologyError(field: object.field("cidr"), problem: "network \(name) has no cidr"))
        }
        let cidr = text.flatMap { prefix($0, "cidr") }
        let parts = (blackouts ?? []).enumerated().compactMap { prefix($0.element, "blacked_out[\($0.offset)]") }
        var network: Network?
        if let cidr {
            do throws(TopologyError) {
                network = try Network(
                    name: name, cidr: cidr, blockMask: mask, tenants: tenants, blackouts: parts, field: object.path)
            } catch {
                problems += error.all
            }
        } else {
            problems += Network.problems(ofName: name, text: text ?? "", field: object.path)
            problems += Network.problems(ofTenants: tenants, of: name, field: object.path)
        }
        self.name = name
        self.network = problems.isEmpty ? network : nil
        self.statesBlackouts = blackouts != nil
        self.problems = problems
    }
}
