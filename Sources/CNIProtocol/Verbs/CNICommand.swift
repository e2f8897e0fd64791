/// What a runtime asks of a plugin: the values of `CNI_COMMAND` (CNI spec 1.1, section 2).
public enum CNICommand: String, Hashable, Sendable, CaseIterable {
    /// Attach a container to the network.
    case add = "ADD"
    /// Undo an attachment; succeeds for whatever is already gone.
    case del = "DEL"
    /// Confirm that an attachment is as its result said.
    case check = "CHECK"
    /// Free every attachment of the network that the runtime does not list.
    case gc = "GC"
    /// Tell whether an ADD can be served.
    case status = "STATUS"
    /// Tell which versions of the specification are served.
    case version = "VERSION"

    /// The first version of the specification that has the verb, among those served.
    public var minimumVersion: CNIVersion {
        switch self {
        case .add, .del, .version: .v0_3_0
        case .check: .v0_4_0
        case .gc, .status: .v1_1_0
        }
    }
}
