/// A container as it is to be started: everything that its pod only refers to is filled in.
struct ContainerPlan: Sendable, Hashable {
    /// A folder or file of the machine that the container sees at another place.
    struct Mount: Sendable, Hashable {
        var source: String
        var target: String
        var isReadOnly: Bool
        var mode: String { isReadOnly ? "ro" : "rw" }
    }

    /// Its name in the pod.
    var name: String
    /// The image.
    var image: String
    /// What stands behind the colon of its image.
    var tag: String { image.split(separator: ":").dropFirst().last.map { String($0) } ?? "latest" }
    /// The program and its words; empty leaves that to the image.
    var command: [String]
    /// Its environment, beside that of the image.
    var environment: [String: String]
    /// What it sees of the machine.
    var mounts: [Mount]
    /// Capabilities as setpriv(1) takes them.
    var capabilities: String
    /// Whether it may write nowhere but in its mounts.
    var isReadOnly: Bool
    /// Where it says that it is ready; nil when it does not.
    var readiness: String?
}
