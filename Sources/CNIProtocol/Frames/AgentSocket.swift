/// Where the agent of a node is asked.
public enum AgentSocket {
    /// The path unless a configuration names another.
    public static let defaultPath = "/run/romana/agent.sock"
    /// The value of `CNI_COMMAND` by which the `romana` command asks for the state of the node, as JSON.
    public static let statusCommand = "ROMANA_STATUS"
}
