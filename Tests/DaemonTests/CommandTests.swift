import Addresses
import ArgumentParser
import Testing
import Topology

@testable import Daemon

@Suite struct CommandTests {
    static let service = ["ROMANA_ETCD_SERVICE_HOST": "10.96.0.88", "ROMANA_ETCD_SERVICE_PORT_ETCD": "12379"]

    private func configuration(
        _ arguments: [String], _ environment: [String: String] = [:]
    ) throws -> DaemonConfiguration {
        try DaemonCommand.parse(arguments).configuration(in: DaemonEnvironment(environment))
    }

    @Test func defaultsAreTheOriginals() throws {
        let plain = try configuration([])
        #expect(plain.etcdEndpoints == ["localhost:2379"] && plain.etcdPrefix == "/romana")
        #expect(plain.host == "localhost" && plain.port == 9600 && plain.advertise == "localhost:9600")
        #expect(plain.initialTopology == nil && !plain.isDebug)
        #expect(try configuration([], Self.service).etcdEndpoints == ["10.96.0.88:12379"])
        #expect(try configuration([], ["ROMANA_ETCD_SERVICE_HOST": "fd00::1"]).etcdEndpoints == ["[fd00::1]:12379"])
    }

    @Test(arguments: [
        ["--etcd-endpoints=a:1,b:2", "--port=1", "--debug=true", "--etcd-prefix=x"],
        ["--etcd-endpoints", "a:1,b:2", "--port", "1", "--debug", "true", "--etcd-prefix", "x"],
        ["--debug", "--etcd-endpoints", "a:1,b:2", "--port", "1", "--etcd-prefix", "x"],
    ])
    func valuesComeInBothForms(_ arguments: [String]) throws {
        let read = try configuration(arguments, Self.service)
        #expect(read.etcdEndpoints == ["a:1", "b:2"] && read.port == 1 && read.isDebug)
        #expect(ClusterKeys(prefix: read.etcdPrefix).topology == "/x/topology")
    }

    @Test func debugCanBeSaidToBeFalse() throws {
        #expect(try !configuration(["--debug", "false"]).isDebug)
        #expect(try !configuration(["--debug=false"]).isDebug)
    }

    @Test(arguments: [
        ["--port", "70000"], ["--port", "x"], ["--cloud", "moon"], ["--etcd-cert-file", "a"],
        ["--etcd-endpoints", ","],
        ["--network-cidr-overrides", "a"], ["--network-cidr-overrides", "a=b"],
        ["--network-cidr-overrides", "=10.0.0.0/8"],
        ["--network-cidr-overrides", "a=10.0.0.0/8=9"], ["--network-cidr-overrides", "a=10.0.0.0/8,"],
        ["--initial-network", "/nonexistent.json"], ["--etcd-password-file", "/nonexistent"], ["--no-such-flag"],
    ])
    func valuesThatCannotBeAreRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try configuration(arguments) }
    }

    @Test func kubeadmIsKnownByItsServiceAddress() throws {
        let environment = ["KUBERNETES_SERVICE_HOST": "10.96.0.1"]
        let topology = try #require(try configuration([], environment).initialTopology)
        #expect(topology.source == "built-in kubeadm")
        #expect(topology.document.networks.map(\.cidr.description) == ["10.112.0.0/12"])
        let moved = try configuration(
            ["--network-cidr-overrides=romana-network=10.32.0.0/12,other=10.0.0.0/8"], environment)
        let document = try #require(moved.initialTopology)
        #expect(document.document.networks.map(\.cidr.description) == ["10.32.0.0/12"])
        #expect(document.unknownOverrides == ["other"])
        #expect(try configuration([], ["KUBERNETES_SERVICE_HOST": "10.0.0.1"]).initialTopology == nil)
        #expect(try configuration(["--cloud", "aws"], environment).initialTopology == nil)
    }

    @Test func aWildcardAdvertisesTheNode() throws {
        #expect(try configuration(["--host", "0.0.0.0"], ["NODEIP": "192.168.0.7"]).advertise == "192.168.0.7:9600")
        #expect(try configuration(["--host", "::", "--port", "1"], ["NODEIP": "fd00::7"]).advertise == "[fd00::7]:1")
        #expect(try configuration(["--host", "10.0.0.1", "--advertise", "10.0.0.2:80"]).advertise == "10.0.0.2:80")
    }
}
