import KubernetesAPI

/// Something that an operator must know of, told as an event on the object that it is about.
struct NodeNotice: Sendable, Hashable {
    /// What it is about.
    enum Subject: Sendable, Hashable {
        /// The agent's own node.
        case node
        /// A pod of it.
        case pod(namespace: String, name: String, uid: String)
    }

    /// What it is about.
    var subject: Subject
    /// How serious it is.
    var kind = KubernetesEvent.Kind.warning
    /// Why it is told, in one word.
    var reason: Reason
    /// What is told.
    var message: String

    /// The words by which events of an agent are found.
    enum Reason: String, Sendable, CaseIterable {
        /// A pod found no address in time.
        case noAddress = "NoAddress"
        /// A pod's labels or policies were not known in time.
        case policyUnknown = "PolicyUnknown"
        /// Another machine goes by the node's name.
        case nameTaken = "NodeNameTaken"
        /// No daemon takes the node as it is.
        case notRegistered = "HostNotRegistered"
        /// The node takes new blocks from another group than before.
        case moved = "HostMoved"
        /// The node is known by another address than before.
        case addressChanged = "HostAddressChanged"
        /// The node in the API has addresses that the machine has not.
        case addressElsewhere = "NodeAddressElsewhere"
        /// Another network's configuration comes before ours.
        case otherConfiguration = "OtherNetworkConfigured"
    }
}
