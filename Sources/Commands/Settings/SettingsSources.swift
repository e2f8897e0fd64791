/// Where settings come from that no option gave: the environment, then the file.
struct SettingsSources {
    /// A value, and where it was found, for messages.
    typealias Found = (text: String, origin: String)

    private let settingsFile: SettingsFile
    private let lookUp: @Sendable (String) -> String?

    init(file: SettingsFile, variable: @escaping @Sendable (String) -> String?) {
        settingsFile = file
        lookUp = variable
    }

    /// The value of a setting, the environment first.
    subscript(key: String) -> Found? { environment(key) ?? file(key) }

    /// The variables that set `key`.
    func environment(_ key: String) -> Found? {
        let name = key.uppercased()
        // The original's settings go by their bare names too, as it had it; for others that would be asking for trouble.
        let isOriginal = ["RootURL", "Format", "Verbose"].contains(key)
        return variable("ROMANA_" + name) ?? (isOriginal ? variable(name) : nil)
    }

    /// A variable that is set and not empty.
    func variable(_ name: String) -> Found? {
        guard let text = lookUp(name), !text.isEmpty else { return nil }
        return (text, "variable \(name)")
    }

    /// The value in the file.
    func file(_ key: String) -> Found? {
        guard let text = settingsFile[key], !text.isEmpty else { return nil }
        return (text, settingsFile.path)
    }
}
