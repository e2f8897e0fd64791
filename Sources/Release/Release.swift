/// What all programs of one release have in common.
public enum Release {
    /// The version that every `--version` prints.
    public static let version = "3.0.0"
}
