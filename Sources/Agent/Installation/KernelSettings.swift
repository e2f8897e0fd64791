import LinuxSystem

/// The kernel's settings as they were before the agent changed them, kept beside the journal, so that they vanish
/// exactly when the changes do.
///
/// One line for each: `KEY<tab>BEFORE<tab>AFTER`, and for others that the kernel changed with it `<tab>KEY<tab>BEFORE`.
struct KernelSettings {
    /// A setting that the agent changed.
    struct Change: Hashable, Sendable {
        var key: String
        var before: String
        var after: String
        /// What the kernel changes with it, as it was before: forwarding of every interface, for one.
        var followers: [Follower] = []
    }

    /// A setting that another takes along.
    struct Follower: Hashable, Sendable {
        var key: String
        var before: String
    }

    /// The name of the file in the run directory.
    static let fileName = "kernel-settings"

    private let path: String
    private(set) var changes: [Change] = []

    /// Reads what is kept; nothing is, where there is no file.
    init(path: String) throws(SystemError) {
        self.path = path
        guard FileSystem.fileExists(path) else { return }
        let text = String(decoding: try FileSystem.readFile(path), as: UTF8.self)
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { continue }
            if !fields[0].isEmpty {
                changes.append(Change(key: fields[0], before: fields[1], after: fields[2]))
            } else if !changes.isEmpty {
                changes[changes.count - 1].followers.append(Follower(key: fields[1], before: fields[2]))
            }
        }
    }

    /// Changes a setting, and remembers what it and its followers were; what is known from an earlier life stays.
    ///
    /// - Returns: false when it had the value already.
    mutating func set(_ key: String, to value: String, followers: [String] = []) throws(SystemError) -> Bool {
        let before = try Sysctl.read(key)
        guard before != value else { return false }
        if !changes.contains(where: { $0.key == key }) {
            var change = Change(key: key, before: before, after: value)
            for follower in followers {
                guard let value = try? Sysctl.read(follower) else { continue }
                change.followers.append(Follower(key: follower, before: value))
            }
            changes.append(change)
        }
        do {
            try FileSystem.atomicWrite(path, Array(text.utf8))
        } catch {
            // Pods come first; how it was is then not known.
            try Sysctl.write(key, value)
            throw error
        }
        // sysctl -w KEY=VALUE
        try Sysctl.write(key, value)
        return true
    }

    /// Gives every setting its value of before, the one changed last first, but those that somebody has changed since.
    ///
    /// - Returns: what was restored, and what the kernel refused.
    func restore() -> (restored: [String], refused: [SystemError]) {
        var restored: [String] = []
        var refused: [SystemError] = []
        for change in changes.reversed() {
            do throws(SystemError) {
                guard try Sysctl.read(change.key) == change.after else { continue }
                // sysctl -w KEY=VALUE
                try Sysctl.write(change.key, change.before)
                restored.append("\(change.key) = \(change.before)")
                for follower in change.followers {
                    // An interface that is gone took its settings along.
                    guard let now = try? Sysctl.read(follower.key), now != follower.before else { continue }
                    try Sysctl.write(follower.key, follower.before)
                }
            } catch {
                if error.errno != .ENOENT { refused.append(error) }
            }
        }
        return (restored, refused)
    }

    private var text: String {
        changes.map { change in
            "\(change.key)\t\(change.before)\t\(change.after)\n"
                + change.followers.map { "\t\($0.key)\t\($0.before)\n" }.joined()
        }.joined()
    }
}
