import Addresses
import CFloor
import Testbed

/// What `nft -f` is given, to be held against ours.
enum NftText {
    /// A set of so many members, and a chain that looks into it.
    static func group(_ size: Int) -> String {
        let elements = (0..<size).map { "\(PolicyWorld.stranger($0))" }.joined(separator: ", ")
        return """
            table inet peer {
                set members { type ipv4_addr; elements = { \(elements) } }
                chain pod {
                    ip saddr @members tcp dport 8080 counter accept
                    counter drop
                }
            }

            """
    }

    /// The rules of a world as they are often written: a chain for each pod with a set of members of its own, and ports
    /// in an anonymous set.
    static func naive(_ world: PolicyWorld) -> String {
        var text = "table inet naive {\n"
        for index in 0..<world.count {
            let members = (0..<world.members).map { "\(world.member($0, of: index))" }.joined(separator: ", ")
            text += """
                    set from-\(index) { type ipv4_addr; elements = { \(members) } }
                    chain pod-\(index) {
                        ip saddr @from-\(index) tcp dport { 80, 443 } counter accept
                        counter drop
                    }

                """
        }
        let entries = (0..<world.count).map { "\(world.address($0)) : goto pod-\($0)" }.joined(separator: ", ")
        return text + """
                map pods { type ipv4_addr : verdict; elements = { \(entries) } }
                chain forward {
                    type filter hook forward priority 0
                    ct state established,related accept
                    ip daddr vmap @pods
                }
            }

            """
    }

    /// Loads a file into the kernel, adds how long that took, and removes the table.
    static func load(_ file: String, table: String, into samples: inout Samples) async throws {
        let start = floor_now()
        try await Program("nft", ["-f", file]).run(limit: .seconds(300)).checked()
        samples.add(Samples.milliseconds(since: start))
        try await Program("nft", ["delete", "table", "inet", table]).run(limit: .seconds(300)).checked()
    }
}
