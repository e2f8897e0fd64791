/// What all programs of one release have in common.
public enum Release {
    /// The version that every `--version` prints.
    public static let version = "3.0.0"

    /// What romana-cni says of itself: one literal, so that it stands in the program's file for those who may not run it.
    public static let pluginTitle = "romana-cni version 3.0.0"
}
