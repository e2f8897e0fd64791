public import Policies

/// One change to the cluster of a case.
public enum PolicyChange: Hashable, Sendable {
    /// Creates a NetworkPolicy, or replaces the one of its namespace and name.
    case put(NetworkPolicy)
    /// Deletes the NetworkPolicy of a namespace and name.
    case remove(String, String)
    /// Adds a policy of Romana's own, or replaces the one of its id.
    case add(Policy)
    /// Removes a policy of Romana's own by its id.
    case withdraw(String)
    /// Gives a pod, by namespace and name, these labels and no others.
    case labelPod(String, String, [String: String])
    /// Gives a namespace these labels and no others, besides the one with its name.
    case labelNamespace(String, [String: String])
    /// Starts a pod; its addresses are for the cluster to choose.
    case start(PodRecord)
    /// Stops and deletes a pod by namespace and name.
    case stop(String, String)
}
