import CNIProtocol
import StubServer
import Testing

@Suite("policy explain", .timeLimit(.minutes(1)))
struct PolicyExplainTests {
    /// A daemon with two hosts that are this server, too: as agent of n1 by its address, of n2 by its name.
    private static func cluster(
        egress: String = #"{"allowed":true,"reason":"not isolated","kernel":{"allowed":true,"rule":"egress4 return"}}"#,
        ingress: String =
            #"{"allowed":true,"reason":"by NetworkPolicy shop/db rule 0","kernel":{"allowed":true,"rule":"in-1 rule 2"}}"#,
        hosts: String = ""
    ) throws -> StubServer {
        try StubServer { request in
            let isSecond = request[header: "host"]?.hasPrefix("localhost") ?? false
            switch request.path {
            case "/v1/hosts":
                return StubAnswer(
                    200,
                    #"{"hosts":[{"name":"n1","ip":"127.0.0.1","addresses":["127.0.0.1","fd01::1"]},{"name":"n2","ip":"localhost"}\#(hosts)]}"#
                )
            case "/v1/node" where isSecond:
                return StubAnswer(
                    200,
                    #"{"node":"n2","attachments":[{"namespace":"shop","pod":"db","addresses":["10.0.0.2","fd00::2"]}]}"#
                )
            case "/v1/node":
                return StubAnswer(
                    200,
                    #"{"node":"n1","attachments":[{"namespace":"shop","pod":"web","addresses":["10.0.0.1","fd00::1"]},{"namespace":"shop","pod":"old","addresses":["10.0.0.3"]}]}"#
                )
            default:
                guard request.path.hasPrefix("/v1/policy?") else { return StubAnswer(404) }
                return StubAnswer(200, isSecond ? #"{"ingress":\#(ingress)}"# : #"{"egress":\#(egress)}"#)
            }
        }
    }

    private func explain(_ words: String, at server: StubServer) async -> Invocation {
        let port = server.url.split(separator: ":").last ?? ""
        return await Invocation.run("policy explain \(words) --agent-port \(port)", at: server.url)
    }

    private func asked(_ server: StubServer) -> [String] {
        server.requests.map(\.path).filter { $0.hasPrefix("/v1/policy") }
    }

    @Test("the agents of both ends are asked, and their kernels")
    func allowed() async throws {
        let server = try Self.cluster()
        let run = await explain("shop/web shop/db tcp/5432", at: server)
        #expect(
            run.lines == [
                "shop/web -> shop/db TCP 5432 over IPv4: allowed", "",
                "Direction  Verdict  Reason                           Kernel  Kernel's Rule",
                "egress     allowed  not isolated                     agrees  egress4 return",
                "ingress    allowed  by NetworkPolicy shop/db rule 0  agrees  in-1 rule 2",
            ])
        #expect(run.status == 0)
        let query = "/v1/policy?from=10.0.0.1&to=10.0.0.2&protocol=tcp&port=5432"
        #expect(asked(server) == [query, query])
    }

    @Test("IPv6, ICMP, nodes, and addresses of pods and strangers")
    func ends() async throws {
        let server = try Self.cluster()
        #expect(await explain("-6 shop/web 10.0.0.2 icmp", at: server).status == 2)
        #expect(await explain("shop/web shop/db icmp -6", at: server).status == 0)
        #expect(await explain("9.9.9.9 10.0.0.2", at: server).status == 0)
        #expect(await explain("shop/web node:n1 udp/53", at: server).status == 0)
        #expect(
            asked(server) == [
                "/v1/policy?from=fd00::1&to=fd00::2&protocol=icmp", "/v1/policy?from=fd00::1&to=fd00::2&protocol=icmp",
                "/v1/policy?from=9.9.9.9&to=10.0.0.2&protocol=tcp&port=80",
                "/v1/policy?from=10.0.0.1&to=127.0.0.1&protocol=udp&port=53",
            ])
    }

    @Test("a denial, and a kernel that disagrees, have statuses of their own")
    func statuses() async throws {
        let denied = #"{"allowed":false,"reason":"isolated by NetworkPolicy shop/db","kernel":null}"#
        let run = await explain("shop/web shop/db", at: try Self.cluster(ingress: denied))
        #expect(run.lines.first == "shop/web -> shop/db TCP 80 over IPv4: denied")
        #expect(run.lines.last == "ingress    denied   isolated by NetworkPolicy shop/db  not asked  ")
        #expect(run.status == 1)

        let leaking = #"{"allowed":false,"reason":"isolated","kernel":{"allowed":true,"rule":"ingress4 return"}}"#
        let server = try Self.cluster(ingress: leaking)
        let contradicted = await explain("shop/web shop/db", at: server)
        #expect(contradicted.lines.first == "shop/web -> shop/db TCP 80 over IPv4: denied, and a kernel disagrees")
        #expect(contradicted.lines.last == "ingress    denied   isolated      allows  ingress4 return")
        #expect(contradicted.status == 3)
        let json = try JSONValue(parsing: await explain("shop/web shop/db -f json", at: server).output)
        #expect(json["contradicted"] == true)
        #expect(json["ingress"]?["kernel"]?["rule"] == "ingress4 return")
    }

    @Test("who does not answer leaves it untold, unless the other end denies")
    func untold() async throws {
        let silent = try Self.cluster(ingress: "null")
        let run = await explain("shop/web shop/db", at: silent)
        #expect(run.lines.first == "shop/web -> shop/db TCP 80 over IPv4: not known")
        #expect(run.output.contains("says nothing of ingress"))
        #expect(run.status == 2)
        let denied = try Self.cluster(egress: #"{"allowed":false,"reason":"isolated"}"#, ingress: "null")
        #expect(await explain("shop/web shop/db", at: denied).status == 1)
    }

    @Test("a pod that no agent has is told, with the agents that did not answer")
    func unknown() async throws {
        let server = try Self.cluster(hosts: #",{"name":"n3","ip":"127.0.0.3"}"#)
        let run = await explain("shop/web shop/none", at: server)
        #expect(run.errors.contains("ask the agent at http://127.0.0.3:"))
        #expect(run.errors.contains("explain policy: no agent that answered has pod shop/none"))
        #expect(run.status == 2)
        let node = await explain("shop/web node:n9", at: server)
        #expect(node.errors.contains("the daemon knows no host n9"))
        #expect(node.status == 2)
    }

    @Test(
        "with manifests nobody is asked",
        arguments: [
            ("shop/web shop/db tcp/5432", "shop/web -> shop/db TCP 5432 over IPv4: allowed", 0),
            ("default/client shop/db tcp/5432", "default/client -> shop/db TCP 5432 over IPv4: denied", 1),
            ("shop/web node:n1 icmp -6", "shop/web -> node:n1 ICMP type 128 code 0 over IPv6: allowed", 0),
            ("shop/web shop/none", "", 2),
            ("shop/web fd00::9 --ipv6", "shop/web -> fd00::9 TCP 80 over IPv6: allowed", 0),
            ("web shop/db", "", 64), ("shop/web shop/db gre", "", 64),
        ])
    func offline(words: String, sentence: String, status: Int32) async throws {
        let file = try TemporaryFile(PolicyManifest.shop, name: "shop.yaml")
        let arguments = words.split(separator: " ").map { String($0) }
        let run = await Invocation.run(["policy", "explain", "--manifests", file.path] + arguments)
        #expect(run.lines.first ?? "" == sentence, "\(run.errors)")
        #expect(run.status == status)
    }
}
