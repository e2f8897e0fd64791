/// The version of the command.
enum RomanaVersion {
    /// As `romana --version` prints it; the same for all binaries of a release.
    static let current = "3.0.0"
}
