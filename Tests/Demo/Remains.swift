import Glibc
import LinuxSystem
import Testbed

/// What a run could leave behind: links, routes, rules, namespaces, processes and files.
struct Remains {
    private let things: Set<String>

    /// Everything that can be seen from here.
    static func here() async throws -> Remains {
        var things: Set<String> = []
        for question in ["-oneline link", "route show table all", "-6 route show table all", "rule", "-6 rule"] {
            let text = try await Program("ip", question.split(separator: " ").map(String.init)).text()
            things.formUnion(text.split(separator: "\n").map { "ip \(question): \($0)" })
        }
        things.formUnion(Namespace.present.map { "namespace \($0)" })
        for name in TemporaryDirectory.names(in: "/proc") where Int32(name) != nil {
            if let words = TextFile.read("/proc/\(name)/cmdline"), !words.isEmpty {
                things.insert("process \(name): \(words.replacing("\0", with: " "))")
            }
        }
        for directory in [ProcessEnvironment.value("TMPDIR") ?? "/tmp", "/run/romana"] {
            things.formUnion(TemporaryDirectory.names(in: directory).map { "file \(directory)/\($0)" })
        }
        return Remains(things: things)
    }

    /// What is here now and was not there `before`.
    func beyond(_ before: Remains) -> [String] {
        things.subtracting(before.things).sorted()
    }
}
