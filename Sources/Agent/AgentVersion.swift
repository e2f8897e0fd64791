import Release

/// The agent's version.
enum AgentVersion {
    /// As `romana-agent --version` prints it; the same for all programs of a release.
    static let current = Release.version
}
