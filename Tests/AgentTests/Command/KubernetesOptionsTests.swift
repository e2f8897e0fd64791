import AWS
import ArgumentParser
import Duties
import KubernetesAPI
import Testing

@testable import Agent

@Suite("options about Kubernetes and duties")
struct KubernetesOptionsTests {
    @Test("the API server by its address, under either name")
    func address() throws {
        for name in ["--kubernetes-api", "--api-server"] {
            let options = try KubernetesOptions.parse([
                name, "https://10.0.0.1:6443", "--kubernetes-token-file", "/t", "--kubernetes-ca-file", "/ca",
            ])
            let found = try options.configuration()
            #expect(found?.server == "https://10.0.0.1:6443")
            #expect(found?.tokenFile == "/t")
        }
    }

    @Test("without any there is none outside of a cluster")
    func none() throws {
        #expect(try KubernetesOptions.parse([]).configuration() == nil)
    }

    @Test(
        "options that contradict each other, or are of no use, are refused",
        arguments: [
            ["--kubeconfig", "/none", "--kubernetes-api", "https://a"], ["--kubernetes-token-file", "/t"],
            ["--kubeconfig", "/no/such/file"], ["--kubernetes-api", "10.0.0.1:6443"],
        ])
    func refusals(words: [String]) throws {
        let options = try KubernetesOptions.parse(words)
        #expect(throws: AgentError.self) { try options.configuration() }
    }

    @Test("an agent is a candidate for listener unless it is told otherwise")
    func duties() throws {
        #expect(try DutyOptions.parse([]).settings() == DutySettings(isListener: true))
        for text in ["", "none"] {
            #expect(try DutyOptions.parse(["--duties", text]).settings() == DutySettings())
        }
        #expect(
            try DutyOptions.parse(["--duties", "listener, daemon"]).settings()
                == DutySettings(isListener: true, isDaemon: true))
        #expect(try DutyOptions.parse(["--duties", "aws"]).settings() == DutySettings(isSourceDestCheck: true))
        #expect(
            try DutyOptions.parse(["--duties", "listener", "--namespace-isolation"]).settings()
                == DutySettings(isListener: true, honoursNamespaceIsolation: true))
    }

    @Test("duties in AWS are told region, VPC and how often is looked, and that they may only try")
    func cloud() throws {
        let given = try CloudOptions.parse([
            "-r", "eu-central-1", "-v", "vpc-1", "--aws-dry-run", "--source-dest-recheck", "0",
        ]).settings()
        #expect(given.aws.region == "eu-central-1" && given.aws.vpcID == "vpc-1" && given.aws.isDryRun)
        #expect(given.sourceDest.recheck == nil)
        let usual = try CloudOptions.parse([]).settings()
        #expect(usual.aws.region == nil && !usual.aws.isDryRun && usual.sourceDest.recheck == .seconds(600))
        for words in [["--source-dest-recheck", "4"], ["--aws-dry-run=maybe"]] {
            #expect(throws: AgentError.self) { try CloudOptions.parse(words).settings() }
        }
    }

    @Test(
        "duties that are not there are refused by name",
        arguments: ["aws,cook", "listener,vpc", "cook", "listener,none"])
    func unknownDuties(text: String) throws {
        let options = try DutyOptions.parse(["--duties", text])
        let error = #expect(throws: AgentError.self) { try options.settings() }
        #expect(error?.description.hasPrefix("--duties ") ?? false)
        #expect(error?.description.contains(text.split(separator: ",").last ?? "") ?? false)
    }
}
