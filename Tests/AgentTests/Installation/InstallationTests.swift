import LinuxSystem
import Testing

@testable import Agent

@Suite("installation on the node")
struct InstallationTests {
    private static let program: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 1, 2, 3]

    /// Runs `body` with settings of a node of its own, whose folders are not there yet.
    private func withNode(_ body: (InstallationSettings) throws -> Void) throws {
        let root = "/tmp/romana-installation-\(UInt64.random(in: 0...(.max)))"
        for folder in ["run", "image"] { try FileSystem.makeDirectory("\(root)/\(folder)") }
        try FileSystem.atomicWrite("\(root)/image/romana-cni", Self.program)
        defer { Self.remove(root) }
        try body(
            InstallationSettings(
                plugin: "\(root)/image/romana-cni", pluginFolder: "\(root)/opt/cni/bin",
                configurationFolder: "\(root)/etc/cni/net.d", agentSocket: "\(root)/agent.sock",
                runDirectory: "\(root)/run"))
    }

    private static func remove(_ path: String) {
        for name in (try? FileSystem.listDirectory(path)) ?? [] {
            if FileSystem.isDirectory("\(path)/\(name)") {
                remove("\(path)/\(name)")
            } else {
                _ = try? FileSystem.unlink("\(path)/\(name)")
            }
        }
        _ = try? FileSystem.removeDirectory(path)
    }

    @Test("the configuration waits for the agent to be ready, and then stays whether it is or not")
    func order() throws {
        try withNode { settings in
            var installation = Installation(settings)
            let early = installation.keep(isReady: false)
            #expect(early.isPluginPlaced && !early.isConfigurationPlaced)
            #expect(!FileSystem.fileExists(settings.configurationPath))
            #expect(installation.keep(isReady: true).isConfigurationPlaced)
            try FileSystem.unlink(settings.configurationPath)
            let later = installation.keep(isReady: false)
            #expect(later.deeds == ["put \(settings.configurationPath) in place"])
        }
    }

    @Test("what is as it must be is not written again, not by the next agent either")
    func nothingToDo() throws {
        try withNode { settings in
            var installation = Installation(settings)
            #expect(installation.keep(isReady: true).deeds.count == 2)
            let stamps = try [settings.pluginPath, settings.configurationPath].map { try FileStamp($0) }
            #expect(installation.keep(isReady: true).deeds.isEmpty)
            var next = Installation(settings)
            #expect(next.keep(isReady: true).deeds.isEmpty)
            #expect(try [settings.pluginPath, settings.configurationPath].map { try FileStamp($0) } == stamps)
        }
    }

    @Test("what is no program is not installed, and no configuration that would call it")
    func notAProgram() throws {
        try withNode { settings in
            try FileSystem.atomicWrite(settings.plugin, Array("#!/bin/sh\n".utf8))
            var installation = Installation(settings)
            let round = installation.keep(isReady: true)
            #expect(round.problems.count == 1 && !round.isConfigurationPlaced)
            #expect(!FileSystem.fileExists(settings.pluginPath))
        }
    }

    @Test("folders that had to be made go with what was in them, those that were there stay")
    func folders() throws {
        try withNode { settings in
            try FileSystem.makeDirectory(settings.configurationFolder)
            var installation = Installation(settings)
            _ = installation.keep(isReady: true)
            // A second life adds nothing.
            var next = Installation(settings)
            _ = next.keep(isReady: true)
            let made = MadeFolders(path: settings.foldersPath)
            #expect(made.folders.map { $0.split(separator: "/").last } == ["opt", "cni", "bin"])
            #expect(made.remove().isEmpty, "somebody's files are still in them")
            for path in [settings.pluginPath, settings.configurationPath] { try FileSystem.unlink(path) }
            #expect(made.remove().count == 3)
            #expect(FileSystem.isDirectory(settings.configurationFolder))
        }
    }

    @Test(
        "a runtime takes the first by name of the files that it takes for configurations",
        arguments: [
            (["10-romana.conflist", "20-other.conf"], []),
            (
                ["05-other.conf", "09.conflist", "1.json", "10-romana.conflist"],
                ["05-other.conf", "09.conflist", "1.json"]
            ),
            (["00-notes.txt", "05-other.conf.bak", ".conflist.new", "10-romana"], []),
            (
                [".hidden.conf", "10-romana.conf", "10-bridge.conflist"],
                [".hidden.conf", "10-romana.conf", "10-bridge.conflist"]
            ),
            (["ä.conf", "cni.conf"], []),
        ])
    func rivals(names: [String], expected: [String]) {
        #expect(NetworkConfiguration.rivals(among: names) == expected)
    }

    @Test("the configuration is that of cni/, with the agent's own socket")
    func configuration() throws {
        let here = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let template = String(decoding: try FileSystem.readFile("/\(here)/cni/10-romana.conflist"), as: UTF8.self)
        #expect(NetworkConfiguration.text(agentSocket: "/run/romana/agent.sock") == template)
        let other = NetworkConfiguration.text(agentSocket: "/run/a \"b\"/c.sock")
        #expect(other.contains(#""agentSocket": "/run/a \"b\"/c.sock","#))
        #expect(other.count - template.count == #"/run/a \"b\"/c.sock"#.count - "/run/romana/agent.sock".count)
    }

    @Test("settings as they were are remembered beside the journal, and the first memory counts")
    func kernelSettings() throws {
        try withNode { settings in
            let path = "\(settings.runDirectory)/\(KernelSettings.fileName)"
            try FileSystem.atomicWrite(
                path, Array("net/ipv4/ip_forward\t0\t1\n\tnet/ipv4/conf/eth0.10/forwarding\t1\nnonsense\n\t\n".utf8))
            let read = try KernelSettings(path: path)
            #expect(
                read.changes == [
                    .init(
                        key: "net/ipv4/ip_forward", before: "0", after: "1",
                        followers: [.init(key: "net/ipv4/conf/eth0.10/forwarding", before: "1")])
                ])
            #expect(try KernelSettings(path: path + ".none").changes.isEmpty)
        }
    }
}
