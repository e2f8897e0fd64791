import Addresses
import ArgumentParser
import KubernetesAPI
import Testing

@testable import Agent

@Suite("romana-agent's subcommands")
struct AgentProgramTests {
    @Test("without one, or with options first, the node is run")
    func node() throws {
        for arguments in [[], ["--hostname", "duties"], ["--duties", "none", "uninstall"]] {
            let (command, rest) = AgentProgram.command(for: arguments)
            #expect(ObjectIdentifier(command) == ObjectIdentifier(AgentCommand.self))
            #expect(rest == arguments)
        }
    }

    @Test("the first word names one, the rest is its own")
    func words() throws {
        let (duties, options) = AgentProgram.command(for: ["duties", "--duties", "daemon"])
        #expect(ObjectIdentifier(duties) == ObjectIdentifier(DutiesCommand.self))
        #expect(options == ["--duties", "daemon"])
        let uninstall = AgentProgram.command(for: ["uninstall"]).command
        #expect(ObjectIdentifier(uninstall) == ObjectIdentifier(UninstallCommand.self))
    }

    @Test("--help of the whole lists them")
    func help() {
        let text = AgentCommand.helpMessage()
        for word in ["romana-agent duties", "romana-agent uninstall", "--duties", "--install-cni", "--initial-network"]
        {
            #expect(text.contains(word), "\(word) is missing")
        }
    }

    @Test("what carries duties has a name of its own in elections, beside the agent of its node and others like it")
    func candidates() throws {
        let words = ["--hostname", "node1", "--duties", "daemon", "--node-ip", "10.0.0.1"]
        let names = try (0..<3).map { _ in try DutiesCommand.parse(words).makeSettings().candidate }
        #expect(names.allSatisfy { $0.hasPrefix("node1:duties-") })
        #expect(Set(names).count > 1)
    }

    @Test("an agent that is to carry duties and has none, or lacks what one needs, says so")
    func nothingToCarry() throws {
        for (words, expected) in [
            (["--duties", "none"], "names no duty"), ([], "--kubernetes-api"),
            (["--duties", "aws"], "--duties aws: needs the Kubernetes API"),
        ] {
            let command = try DutiesCommand.parse(words + ["--hostname", "node1"])
            let error = #expect(throws: AgentError.self) { try command.makeSettings() }
            #expect(error?.description.contains(expected) ?? false)
        }
    }

    @Test("a wrong value of an option that is true or false is refused, not taken for true")
    func toggles() throws {
        let node = ["--hostname", "n", "--node-ip", "10.0.0.1"]
        #expect(try AgentCommand.parse(node + ["--multihop-blocks"]).makeSettings().multihop)
        #expect(try !AgentCommand.parse(node + ["--multihop-blocks=false"]).makeSettings().multihop)
        for option in ["--multihop-blocks", "--namespace-isolation", "--install-cni"] {
            let command = try AgentCommand.parse(node + ["\(option)=maybe"])
            let error = #expect(throws: AgentError.self) { try command.makeSettings() }
            #expect(error?.description == "\(option): maybe is neither true nor false")
        }
        let log = try LogOptions.parse(["--debug=maybe"])
        #expect(throws: AgentError.self) { try log.logger() }
    }

    @Test("a daemon in an agent is reached at the node's address, in every family")
    func advertised() throws {
        let words = ["--hostname", "n", "--duties", "daemon", "--cloud", "aws", "--aws-region", "us-east-1"]
        for address in ["10.0.0.1", "fd00::1,10.0.0.1"] {
            let settings = try AgentCommand.parse(words + ["--node-ip", address]).makeSettings()
            #expect(settings.duties.isDaemon)
            #expect(settings.daemon != nil)
        }
    }

    @Test("options of the first generation mean what they meant")
    func firstGeneration() throws {
        let command = try AgentCommand.parse([
            "--romana-root=http://10.0.0.9:9600", "--interface=eth0", "--ip-address", "10.0.0.1", "--nat=false",
            "--nat-interface", "eth1", "--cluster-ip-cidr", "100.64.0.0/12", "--pod-to-host=false",
            "--api-server", "http://127.0.0.1:8080",
        ])
        let settings = try command.makeSettings()
        #expect(settings.daemons == ["http://10.0.0.9:9600"] && settings.linkName == "eth0")
        #expect(settings.addresses.map(\.description) == ["10.0.0.1"])
        #expect(!settings.policy.translates && settings.policy.translationLink == "eth1")
        #expect(settings.policy.serviceRanges.map(\.description) == ["100.64.0.0/12"])
        #expect(!settings.policy.allowsPodToHost)
        #expect(settings.kubernetes?.server == "http://127.0.0.1:8080")
    }
}
