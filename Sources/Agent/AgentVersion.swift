/// The agent's version.
enum AgentVersion {
    /// As `romana-agent --version` prints it; the same for all binaries of a release.
    static let current = "3.0.0"
}
