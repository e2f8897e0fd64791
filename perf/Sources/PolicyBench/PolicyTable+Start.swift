import Addresses
import Nftables
import Policies

extension PolicyTable {
    /// A node's table after a start from nothing, in the order in which an agent takes things in.
    @discardableResult
    static func started(
        _ start: NodeStart, settings: PolicySettings = PolicySettings(),
        networks: [IPPrefix] = PolicyWorld.networks, kernel: any NftKernel
    ) throws -> PolicyTable {
        var table = PolicyTable(settings: settings, kernel: kernel)
        try table.recover([])
        try table.setSurroundings(link: nil, networks: networks)
        for statement in start.statements { table.policies.setStatement(statement.id, statement) }
        for (id, record) in start.pods { table.policies.setPod(id, record) }
        for (key, members) in start.groups { table.policies.setGroup(key, members) }
        try table.admit(start.attachments)
        try table.sweep()
        try table.startDispatching()
        return table
    }
}
