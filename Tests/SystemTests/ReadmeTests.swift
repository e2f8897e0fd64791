import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    /// README.md, as somebody takes it who has never seen the project.
    @Suite("The README")
    struct ReadmeTests {
        private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

        private static func page() throws -> MarkdownPage {
            MarkdownPage(try #require(TextFile.read("\(root)/README.md")))
        }

        @Test("runs a node by hand, command by command, to pods that get addresses")
        func commands() async throws {
            let page = try Self.page()
            let topology = try #require(page.blocks.first { $0.language == "json" })
            // What takes minutes and is run elsewhere; that there are such targets is another test's.
            let commands = page.commands().filter { !$0.hasPrefix("make ") && !$0.hasPrefix("kubectl ") }
            try #require(commands.count >= 6)
            let script =
                ["set -eux"] + commands
                // And the proof that what the page has made does its work.
                + [
                    "ip netns add readme-pod",
                    "export CNI_COMMAND=ADD CNI_CONTAINERID=readme CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin "
                        + "CNI_NETNS=/run/netns/readme-pod",
                    "for try in 1 2 3 4 5 6; do if romana agent status; then break; fi; sleep 1; done",
                    #"printf '{"cniVersion":"1.0.0","name":"readme","type":"romana-cni"}' | /opt/cni/bin/romana-cni"#,
                    "ping -c 1 -W 5 $(ip netns exec readme-pod ip -4 -o address show eth0 | sed 's/.*inet //; s,/.*,,')",
                ]
            let fabric = try await Fabric.build(nodes: 1)
            let folder = try TemporaryDirectory("readme")
            defer { folder.remove() }
            try TextFile.write(topology.lines.joined(separator: "\n"), to: folder.file("network.json"))
            try TextFile.write(script.joined(separator: "\n"), to: folder.file("commands.sh"))
            let search = ProcessEnvironment.value("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin"
            let programs = Programs.built
            // As the page's reader has them: the programs by their names, the plugin where `make build` leaves it.
            let prepare = """
                ln -s \(Self.root)/cni cni; mkdir -p /run/romana /run/netns; mount -t tmpfs tmpfs /run/romana; \
                mount -t tmpfs tmpfs /run/netns; exec sh commands.sh
                """
            let result = try await Program(
                "unshare",
                [
                    "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                    "\(Self.root)/Tests/private-folders.sh", try folder.directory("private"),
                    "sh", "-ec", "cd \(folder.path); \(prepare)",
                ],
                environment: [
                    "PATH": "\(programs.romana.folder):\(search)", "HOME": folder.path, "LC_ALL": "C",
                ], namespace: fabric.nodes[0].path
            ).run(limit: .seconds(120))
            await fabric.remove()
            #expect(result.status.isSuccess, "\(result.text)\n\(result.errorText)")
            #expect(result.text.contains("1 received"), "\(result.text)\n\(result.errorText)")
        }

        @Test("names targets of make, files and folders that exist")
        func names() throws {
            let page = try Self.page()
            let makefile = try #require(TextFile.read("\(Self.root)/Makefile"))
            let targets = (page.commands() + page.spans).filter { $0.hasPrefix("make ") }
                .flatMap { $0.split(separator: " ").dropFirst().filter { !$0.contains("=") && !$0.hasPrefix("-") } }
            #expect(!targets.isEmpty)
            for target in Set(targets) {
                #expect(makefile.split(separator: "\n").contains { $0.hasPrefix("\(target):") }, "make \(target)")
            }
            for link in page.links where !link.contains("://") {
                let path = link.split(separator: "#").first.map(String.init) ?? ""
                #expect(FileSystem.fileExists("\(Self.root)/\(path)"), "\(link)")
            }
            for command in page.commands() where command.hasPrefix("kubectl ") {
                let words = command.split(separator: " ")
                guard let place = words.firstIndex(of: "-f"), words.indices.contains(place + 1) else { continue }
                #expect(FileSystem.fileExists("\(Self.root)/\(words[place + 1])"), "\(command)")
            }
        }

        @Test("speaks of commands and options that there are")
        func options() async throws {
            let page = try Self.page()
            let programs = Programs.built
            let paths = ["romana": programs.romana, "romana-agent": programs.agent, "romana-daemon": programs.daemon]
            var help = ""
            for (name, path) in paths.sorted(by: { $0.key < $1.key }) {
                let answer = try await Program(path, ["--help"]).run()
                #expect(answer.status.isSuccess, "\(name) --help")
                help += answer.text
            }
            for span in Set(page.spans) where span.hasPrefix("romana ") {
                // Its verbs are what stands before arguments, which are in capitals, options, files or names.
                let words = span.split(separator: " ").dropFirst().prefix { word in word.allSatisfy(\.isLowercase) }
                let answer = try await Program(programs.romana, words.map(String.init) + ["--help"]).run()
                #expect(answer.status.isSuccess, "\(span): \(answer.errorText)")
                help += answer.text
            }
            let spoken = Set(
                (page.spans + page.commands().filter { $0.contains("romana") })
                    .flatMap { $0.split { $0 == " " || $0 == "," || $0 == "=" } }.filter { $0.hasPrefix("--") })
            for option in spoken where !["--data-dir", "--log-level"].contains(option) {
                #expect(help.contains(option), "\(option)")
            }
        }
    }
}

extension String {
    /// The folder that a file is in.
    fileprivate var folder: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "." }
}
