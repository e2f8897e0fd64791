import Benchmark
import CNIProtocol

/// What is read and written once for every CNI call.
func documents() {
    let config = Array(
        """
        {"cniVersion":"1.0.0","name":"romana-k8s-network","type":"romana-cni","agentSocket":"/run/romana/agent.sock",\
        "capabilities":{"portMappings":true,"bandwidth":true},"runtimeConfig":{"portMappings":[{"hostPort":8080,\
        "containerPort":80,"protocol":"tcp"}]}}
        """.utf8)
    let answer = Array(
        """
        {"cniVersion":"1.0.0","interfaces":[{"name":"rom0123456789ab","mac":"ee:ee:ee:ee:ee:ee"},\
        {"name":"eth0","mac":"0a:58:0a:70:00:03","sandbox":"/run/netns/cni-3ab7"}],\
        "ips":[{"address":"10.112.0.3/32","gateway":"169.254.1.1","interface":1},\
        {"address":"fd00:112::3/128","gateway":"fe80::ecee:eeff:feee:eeee","interface":1}],\
        "routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"},{"dst":"::/0","gw":"fe80::ecee:eeff:feee:eeee"}]}
        """.utf8)

    Benchmark("CNI JSON: read a config") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try? NetworkConfig(parsing: config)) }
    }
    Benchmark("CNI JSON: read a result") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(try? CNIResult(parsing: JSONValue(parsing: answer)))
        }
    }
    if let result = try? CNIResult(parsing: JSONValue(parsing: answer)) {
        Benchmark("CNI JSON: write a result") { benchmark in
            for _ in benchmark.scaledIterations { blackHole(result.json(version: .newest)) }
        }
    }
    let long =
        Array(
            ("[" + Array(repeating: #"{"key":[1,2.5,true,null,"text"]}"#, count: 3000).joined(separator: ","))
                .utf8) + [UInt8(ascii: "]")]
    Benchmark("CNI JSON: read 100 kB", configuration: .init(scalingFactor: .one)) { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try? JSONValue(parsing: long)) }
    }
}

/// What goes between romana-cni and the agent.
func frames() {
    let variables = [
        "CNI_COMMAND": "ADD", "CNI_CONTAINERID": String(repeating: "b", count: 64),
        "CNI_NETNS": "/run/netns/cni-3ab7", "CNI_IFNAME": "eth0", "CNI_PATH": "/opt/cni/bin",
        "CNI_ARGS": "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-1;"
            + "K8S_POD_INFRA_CONTAINER_ID=\(String(repeating: "b", count: 64));K8S_POD_UID=7d9f2d6e-0000-4000",
    ]
    let config = Array(#"{"cniVersion":"1.0.0","name":"n","type":"romana-cni"}"#.utf8)

    Benchmark("Frame: check the variables of an ADD") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try? CNIEnvironment { variables[$0] }) }
    }
    Benchmark("Frame: write a request, feed it and read it") { benchmark in
        for _ in benchmark.scaledIterations {
            let request = AgentRequest(
                environment: CNIEnvironment.entries { variables[$0] }, config: config)
            var decoder = AgentFrameDecoder()
            decoder.feed(request.frame.bytes)
            blackHole(try? decoder.next().map { frame throws(CNIError) in try AgentRequest(frame) })
        }
    }
}
