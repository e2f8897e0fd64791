import Testbed
import Testing

extension SystemTests {
    /// Options in the manifests in specs/, held against what programs say of themselves.
    @Suite("Options in the manifests")
    struct ManifestOptionTests {
        /// What `--help` of a program, or of one of its commands, lists.
        private static func options(of command: [String]) async throws -> Set<Substring> {
            let programs = [
                "romana-agent": Programs.built.agent, "romana-daemon": Programs.built.daemon, "etcd": "etcd",
            ]
            let program = Program(
                try #require(command.first.flatMap { programs[$0] }), command.dropFirst() + ["--help"])
            let result = try await program.run()
            let words = (result.text + result.errorText).split { " \n\t,/[]'\"|=".contains($0) }
            return Set(words.filter { $0.hasPrefix("--") })
        }

        @Test("name options that their programs have, those in comments included", arguments: Manifests.names)
        func options(name: String) async throws {
            let file = try Manifests.file(name)
            for container in file.containers {
                let known = try await Self.options(of: container.command)
                for argument in container.arguments {
                    let option = argument.prefix { $0 != "=" }
                    #expect(known.contains(option), "\(container.object): \(container.command) has no \(option)")
                }
            }
            // Whoever follows a comment uncomments it in the container that it stands in.
            let commented = Set(
                file.text.split(separator: "\n").compactMap { line in
                    line.split(separator: "# - --", maxSplits: 1).count == 2
                        ? "--" + line.split(separator: "# - --", maxSplits: 1)[1].prefix { $0 != "=" } : nil
                })
            var all: Set<Substring> = []
            for command in Set(file.containers.map(\.command)) { all.formUnion(try await Self.options(of: command)) }
            #expect(commented.filter { !all.contains($0[...]) }.isEmpty)
        }
    }
}
