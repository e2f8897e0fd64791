import CLinux

/// The environment the process was started with.
public enum ProcessEnvironment {
    /// One variable, nil if it is not set.
    public static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Every variable, in the order of the process's environment.
    public static func all() -> [(name: String, value: String)] {
        var entries: [(name: String, value: String)] = []
        while let entry = romana_environment_entry(entries.count) {
            let text = String(cString: entry)
            let equals = text.firstIndex(of: "=")
            let name = equals.map { String(text[..<$0]) } ?? text
            let value = equals.map { String(text[text.index(after: $0)...]) } ?? ""
            entries.append((name: name, value: value))
        }
        return entries
    }
}
