import Addresses
import ArgumentParser
import Etcd
import Logging
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
        #expect(plain.etcd.endpoints == ["localhost:2379"] && plain.etcdPrefix == "/romana")
        #expect(plain.host == "localhost" && plain.port == 9600 && plain.advertise == "localhost:9600")
        #expect(!plain.isDebug && plain.certificate == nil && plain.tokenFile == nil && plain.serviceRanges.isEmpty)
        #expect(try configuration([], Self.service).etcd.endpoints == ["10.96.0.88:12379"])
        #expect(try configuration([], ["ROMANA_ETCD_SERVICE_HOST": "fd00::1"]).etcd.endpoints == ["[fd00::1]:12379"])
    }

    @Test(arguments: [
        ["--etcd-endpoints=a:1,b:2", "--port=1", "--debug=true", "--etcd-prefix=x"],
        ["--etcd-endpoints", "a:1,b:2", "--port", "1", "--debug", "true", "--etcd-prefix", "x"],
        ["--debug", "--etcd-endpoints", "a:1,b:2", "--port", "1", "--etcd-prefix", "x"],
    ])
    func valuesComeInBothForms(_ arguments: [String]) throws {
        let read = try configuration(arguments, Self.service)
        #expect(read.etcd.endpoints == ["a:1", "b:2"] && read.port == 1 && read.isDebug)
        #expect(ClusterKeys(prefix: read.etcdPrefix).topology == "/x/topology")
    }

    @Test func debugCanBeSaidToBeFalse() throws {
        #expect(try !configuration(["--debug", "false"]).isDebug)
        #expect(try !configuration(["--debug=false"]).isDebug)
        #expect(try !configuration(["--debug=false", "--port", "1"]).isDebug)
    }

    @Test(arguments: [
        ["--port", "70000"], ["--port", "x"], ["--cloud", "moon"], ["--etcd-cert-file", "a"],
        ["--etcd-endpoints", ","], ["--tls-cert", "a"], ["--tls-client-ca", "a"],
        ["--service-cluster-ip-range", "x"],
        ["--network-cidr-overrides", "a"], ["--network-cidr-overrides", "a=b"],
        ["--network-cidr-overrides", "=10.0.0.0/8"],
        ["--network-cidr-overrides", "a=10.0.0.0/8=9"], ["--network-cidr-overrides", "a=10.0.0.0/8,"],
        ["--initial-network", "/nonexistent.json"], ["--etcd-password-file", "/nonexistent"], ["--no-such-flag"],
    ])
    func valuesThatCannotBeAreRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) {
            let read = try configuration(arguments, ["KUBERNETES_SERVICE_HOST": "10.96.0.1"])
            // What names no file that is there is found when it is used.
            _ = try read.certificate?.context(Renewal(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        }
    }

    @Test func everyOptionHasAVariable() throws {
        let variables = [
            "ROMANA_DAEMON_HOST": "0.0.0.0", "ROMANA_DAEMON_PORT": "9", "ROMANA_DAEMON_ETCD_ENDPOINTS": "e:1",
            "ROMANA_DAEMON_TLS_CERT": "c", "ROMANA_DAEMON_TLS_KEY": "k", "ROMANA_DAEMON_TLS_CLIENT_CA": "a",
            "ROMANA_DAEMON_TOKEN_FILE": "t", "ROMANA_DAEMON_ADVERTISE": "h:1", "ROMANA_DAEMON_DEBUG": "true",
        ]
        let read = try configuration([], variables)
        #expect(read.host == "0.0.0.0" && read.port == 9 && read.etcd.endpoints == ["e:1"] && read.isDebug)
        #expect(read.certificate == ServerCertificate(chainFile: "c", keyFile: "k", clientAuthorityFile: "a"))
        #expect(read.tokenFile == "t" && read.advertise == "h:1")
        #expect(try configuration(["--port", "10", "--token-file", "u"], variables).port == 10)
        // Kubernetes sets this one for a service called romana-daemon.
        #expect(try configuration([], ["ROMANA_DAEMON_PORT": "tcp://10.96.0.99:9600"]).port == 9600)
    }

    @Test(
        arguments: [
            ([], "10.96.0.1", "10.96.0.0/12"), ([], "100.64.0.1", "100.64.0.0/13"), ([], "10.1.0.1", "10.1.0.1/32"),
            ([], "fd00::1", "fd00::1/128"), (["--service-cluster-ip-range=10.0.0.0/16"], "10.96.0.1", "10.0.0.0/16"),
        ] as [([String], String, String)])
    func theRangeOfServicesIsKnown(_ arguments: [String], service: String, range: String) throws {
        let read = try configuration(arguments, ["KUBERNETES_SERVICE_HOST": service])
        #expect(read.serviceRanges.map(\.description) == [range])
    }

    @Test func itServesWhereOptionsOfOldSay() throws {
        #expect(try configuration(["--ip-address", "10.0.0.7"]).host == "10.0.0.7")
        #expect(try configuration(["--interface", "lo"]).host == "127.0.0.1")
        #expect(try configuration(["--interface=lo", "--ip-address=10.0.0.7"]).host == "10.0.0.7")
        #expect(try configuration(["--ip-address", "10.0.0.7", "--host", "10.0.0.8"]).host == "10.0.0.8")
        #expect(try configuration(["--ip-address", "10.0.0.7"]).advertise == "10.0.0.7:9600")
        #expect(try configuration([], ["ROMANA_DAEMON_IP_ADDRESS": "10.0.0.7"]).host == "10.0.0.7")
        #expect(try configuration([], ["ROMANA_DAEMON_INTERFACE": "lo"]).host == "127.0.0.1")
    }

    @Test func aWildcardAdvertisesTheNode() throws {
        #expect(try configuration(["--host", "0.0.0.0"], ["NODEIP": "192.168.0.7"]).advertise == "192.168.0.7:9600")
        #expect(try configuration(["--host", "::", "--port", "1"], ["NODEIP": "fd00::7"]).advertise == "[fd00::7]:1")
        #expect(try configuration(["--host", "10.0.0.1", "--advertise", "10.0.0.2:80"]).advertise == "10.0.0.2:80")
    }
}
