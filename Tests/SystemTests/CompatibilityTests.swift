import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    /// specs/compatibility.md, held against programs, tests and manifests.
    @Suite("What became of everything in the documents")
    struct CompatibilityTests {
        private static var root: String { "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") }

        /// Every option that the two documents name.
        private static let documented = [
            "--listen-client-urls", "--advertise-client-urls", "--cloud", "--initial-network",
            "--network-cidr-overrides", "--service-cluster-ip-range", "--etcd_addr", "--etcd_port", "--cidr",
            "--api-server", "--interface", "--ip-address", "--nodes", "--namespaces", "--segments", "--romana-root",
            "--nat", "--nat-interface", "--cluster-ip-cidr", "--pod-to-host", "--tag", "--push", "--networking",
            "--network-cidr",
        ]

        /// The rows of the page's tables: of old, today, shown by.
        private static func rows() throws -> [[Substring]] {
            let page = try #require(TextFile.read("\(root)/specs/compatibility.md"))
            return page.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| ---") }
                .map { $0.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false) }
                .filter { !$0[0].hasPrefix("of old") }
        }

        /// What stands between backticks.
        private static func quoted(_ text: Substring) -> [Substring] {
            text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .compactMap { $0 % 2 == 1 ? $1 : nil }
        }

        /// The options in quotes, without what follows them.
        private static func options(_ text: Substring) -> [String] {
            quoted(text).flatMap { $0.split(separator: " ") }.filter { $0.hasPrefix("--") }
                .map { String($0.prefix { $0 != "=" && $0 != "," }) }
        }

        /// The files below a folder.
        private static func files(below folder: String) throws -> [String] {
            try FileSystem.listDirectory(folder).flatMap { name in
                name.contains(".") ? [name] : (try? files(below: "\(folder)/\(name)")) ?? [name]
            }
        }

        @Test("names every option of the documents")
        func complete() throws {
            let named = Set(try Self.rows().flatMap { Self.options($0[0]) })
            #expect(Self.documented.filter { !named.contains($0) }.isEmpty)
        }

        @Test("names tests that there are, for every row")
        func tests() throws {
            let files = Set(try Self.files(below: "\(Self.root)/Tests"))
            for row in try Self.rows() {
                try #require(row.count == 3, "\(row)")
                let tests = Self.quoted(row[2])
                #expect(!tests.isEmpty, "\(row)")
                #expect(tests.filter { !files.contains("\($0).swift") }.isEmpty, "\(row)")
            }
        }

        @Test("says of today what programs say of themselves")
        func today() async throws {
            var known: Set<Substring> = []
            let programs = [
                (Programs.built.agent, []), (Programs.built.agent, ["duties"]), (Programs.built.daemon, []),
                ("\(Self.root)/containerize/allthethings", []),
            ]
            for (program, words) in programs {
                let help = try await Program(program, words + ["--help"]).text()
                known.formUnion(help.split { " \n,[]".contains($0) })
            }
            for row in try Self.rows() {
                // A row that says so is of what is refused, or is another program's.
                if row[1].hasPrefix("refused") || row[1] == "none" { continue }
                #expect(Self.options(row[1]).filter { !known.contains($0[...]) }.isEmpty, "\(row)")
            }
        }

        @Test("leads to files that there are")
        func links() throws {
            for row in try Self.rows() {
                for target in row[1].split(separator: "](").dropFirst() {
                    let path = "\(Self.root)/specs/\(target.prefix { $0 != ")" })"
                    #expect(FileSystem.fileExists(path), "\(path)")
                }
            }
        }
    }
}
