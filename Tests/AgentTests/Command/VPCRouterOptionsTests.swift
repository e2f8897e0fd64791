import AWS
import Addresses
import ArgumentParser
import Duties
import Etcd
import Testing

@testable import Agent

@Suite("options of the duty vpcrouter")
struct VPCRouterOptionsTests {
    static let candidate = ["--hostname", "n", "--node-ip", "192.0.2.1"]

    static func cloud(_ words: [String]) throws -> CloudSettings? {
        let (command, arguments) = AgentProgram.command(for: ["duties"] + candidate + words)
        return try (command.parse(arguments) as? DutiesCommand)?.makeSettings().cloud
    }

    @Test("without any, hosts are pinged every two seconds, tables looked at every thirty")
    func usual() throws {
        let cloud = try #require(try Self.cloud(["--duties", "vpcrouter"]))
        #expect(cloud.vpcRouter == VPCRouterSettings())
        #expect(cloud.statusHost == "localhost" && cloud.statusPort == 33289)
        #expect(try Self.cloud(["--duties", "daemon"]) == nil)
    }

    @Test("the options of old are taken under their names")
    func old() throws {
        let cloud = try #require(
            try Self.cloud(
                [
                    "--duties", "vpcrouter", "--etcd_addr", "10.96.0.88", "--etcd_port", "12379", "-l", "-", "-m",
                    "vpcrouter_romana_plugin.romana", "--ignore_routes", "0.0.0.0/0,10.9.0.1", "-r", "eu-west-1",
                    "-v", "vpc-1", "-a", "0.0.0.0", "--port", "33290", "--route_recheck_interval", "60", "-H", "multi",
                    "--icmp_check_interval", "3", "--tcp_check_interval", "4", "--tcp_check_port", "23",
                    "--multi_plugins", "icmpecho:tcp", "--verbose",
                ]))
        #expect(cloud.aws.region == "eu-west-1" && cloud.aws.vpcID == "vpc-1")
        #expect(cloud.statusHost == "0.0.0.0" && cloud.statusPort == 33290)
        var expected = VPCRouterSettings()
        expected.vpcID = "vpc-1"
        expected.ignored = [try #require(IPPrefix("0.0.0.0/0")), try #require(IPPrefix("10.9.0.1/32"))]
        expected.recheck = .seconds(60)
        expected.checks = [.init(interval: .seconds(3)), .init(port: 23, interval: .seconds(4))]
        #expect(cloud.vpcRouter == expected)
    }

    @Test("etcd is where the options of old say, with the files that they name")
    func etcd() throws {
        let options = try EtcdOptions.parse([
            "--etcd_addr", "fd00::1", "--etcd_port", "12379", "--etcd_ca_cert", "/ca", "--etcd_priv_key", "/key",
            "--etcd_cert_chain", "/cert",
        ])
        let configuration = try options.etcdConfiguration()
        #expect(configuration.endpoints == ["[fd00::1]:12379"])
        #expect(
            configuration.caFile == "/ca" && configuration.keyFile == "/key" && configuration.certificateFile == "/cert"
        )
        #expect(try EtcdOptions.parse(["--etcd_port", "4001"]).etcdConfiguration().endpoints == ["localhost:4001"])
    }

    @Test("newer ones: tables by id or by the cluster's tag, the limit, the port beside a daemon's")
    func new() throws {
        let cloud = try #require(
            try Self.cloud([
                "--duties", "vpcrouter,daemon", "--port", "9600", "--vpcrouter-port", "0", "--route-tables",
                "rtb-1, rtb-2", "--cluster-name", "prod", "--route-limit", "50", "--health", "always",
                "--route-recheck-interval", "0", "--aws-dry-run",
            ]))
        #expect(cloud.statusPort == 0 && cloud.aws.isDryRun)
        #expect(cloud.vpcRouter.tables == ["rtb-1", "rtb-2"] && cloud.vpcRouter.clusterName == "prod")
        #expect(cloud.vpcRouter.limit == 50 && cloud.vpcRouter.checks == [] && cloud.vpcRouter.recheck == nil)
    }

    @Test(
        "a region that is named for one of daemon and duties in AWS is that of the other, too",
        arguments: [
            (["--region", "eu-west-1"], "eu-west-1"), (["--aws-region", "eu-west-1"], "eu-west-1"),
            (["--region", "eu-west-1", "--aws-region", "eu-west-1"], "eu-west-1"),
            (["--region", "us-east-1", "--aws-region", "eu-west-1"], "us-east-1"),
            (["--region", "", "--aws-region", "eu-west-1"], "eu-west-1"),
        ])
    func region(_ words: [String], duties: String) throws {
        let both = ["--duties", "daemon,vpcrouter", "--cloud", "aws", "--aws-zones", "eu-west-1a"]
        // The daemon is told of a zone in eu-west-1, which it takes in no other region.
        #expect(try Self.cloud(both + words)?.aws.region == duties)
        let agent = try AgentCommand.parse(Self.candidate + both + words).makeSettings()
        #expect(agent.cloud?.aws.region == duties && agent.daemon != nil)
    }

    @Test("the daemon's first topology is one of the region of the duties in AWS", arguments: ["duties", "agent"])
    func otherRegion(_ program: String) throws {
        let both = ["--duties", "daemon,vpcrouter", "--cloud", "aws", "--aws-zones", "eu-west-1a"]
        let words = both + ["--region", "us-east-1"]
        let error = #expect(throws: (any Error).self) {
            if program == "duties" { _ = try Self.cloud(words) }
            if program == "agent" { _ = try AgentCommand.parse(Self.candidate + words).makeSettings() }
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("us-east-1"))
    }

    @Test("an option that says nothing is as good as none")
    func empty() throws {
        let words = [
            "--duties", "vpcrouter", "--region", "", "--vpc", "", "--route-tables", " ,", "--cluster-name", "",
        ]
        let cloud = try #require(try Self.cloud(words))
        #expect(cloud.aws.region == nil && cloud.aws.vpcID == nil && cloud.vpcRouter == VPCRouterSettings())
    }

    @Test(
        "what cannot be is refused by its name",
        arguments: [
            ["--mode", "http"], ["--mode", "fixedconf", "--fixed_cidr", "10.0.0.0/8", "--fixed_hosts", "10.0.0.1"],
            ["--logfile", "/tmp/x"], ["--health", "cook"], ["--icmp_check_interval", "0"],
            ["--tcp_check_interval", "3601"], ["--tcp_check_port", "0"], ["--route_recheck_interval", "3"],
            ["--ignore_routes", "everything"], ["--route-limit", "0"], ["--vpcrouter-port", "70000"], ["--etcd_use_v2"],
        ])
    func refused(_ words: [String]) throws {
        let error = #expect(throws: (any Error).self) { try Self.cloud(["--duties", "vpcrouter"] + words) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(words[0]), "\(words)")
    }
}
