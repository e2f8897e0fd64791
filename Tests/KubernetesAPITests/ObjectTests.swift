import Addresses
import FoundationEssentials
import KubernetesAPI
import Policies
import Testing

@Suite("objects of the Kubernetes API")
struct ObjectTests {
    func decode<Object: Decodable>(_ text: String) throws -> Object {
        try JSONDecoder().decode(Object.self, from: Data(text.utf8))
    }

    @Test("a pod: addresses of either family, ports that containers and sidecars name, how far it is")
    func pod() throws {
        let pod: Pod = try decode(
            """
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "web-0", "namespace": "shop", "uid": "u1", "resourceVersion": "12",
                "labels": {"app": "web"}, "deletionTimestamp": "2026-01-02T03:04:05Z", "managedFields": [{}]},
             "spec": {"nodeName": "node-1", "hostNetwork": true,
                "initContainers": [
                    {"name": "once", "ports": [{"name": "setup", "containerPort": 1}]},
                    {"name": "beside", "restartPolicy": "Always", "ports": [{"name": "proxy", "containerPort": 15001}]}],
                "containers": [{"name": "web", "ports": [
                    {"name": "http", "containerPort": 8080, "protocol": "TCP"}, {"containerPort": 9},
                    {"name": "dns", "containerPort": 53, "protocol": "UDP"},
                    {"name": "odd", "containerPort": 70000}, {"name": "what", "containerPort": 5, "protocol": "QUIC"}]}]},
             "status": {"phase": "Running", "podIP": "10.0.0.1",
                "podIPs": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}, {"ip": "10.0.0.2"}, {"ip": "nonsense"}]}}
            """)
        #expect(
            pod.record
                == PodRecord(
                    namespace: "shop", name: "web-0", uid: "u1", node: "node-1", labels: ["app": "web"],
                    addresses: ["10.0.0.1", "fd00::1"].compactMap { IPAddress($0) },
                    ports: [.init("http", .tcp, 8080), .init("dns", .udp, 53), .init("proxy", .tcp, 15001)],
                    isEnding: true))
        #expect(pod.isOnHostNetwork)
        #expect(pod.metadata.isBeingDeleted)
        #expect(!pod.hasEnded)
        let bare: Pod = try decode("{\"metadata\": {\"name\": \"a\", \"namespace\": \"b\"}}")
        #expect(bare.addresses.isEmpty && bare.node.isEmpty && bare.phase == .unknown)
        for phase in ["Succeeded", "Failed"] {
            let ended: Pod = try decode("{\"metadata\": {\"name\": \"a\"}, \"status\": {\"phase\": \"\(phase)\"}}")
            #expect(ended.hasEnded)
        }
    }

    @Test("a namespace, and a node")
    func others() throws {
        let namespace: Namespace = try decode(
            """
            {"metadata": {"name": "shop", "labels": {"team": "a"}, "annotations": {"k": "v"}},
             "status": {"phase": "Terminating"}}
            """)
        #expect(
            namespace
                == Namespace(.init(name: "shop", labels: ["team": "a"]), annotations: ["k": "v"], isTerminating: true))
        let node: Node = try decode(
            """
            {"metadata": {"name": "node-1"}, "spec": {"providerID": "aws:///eu/i-1", "unschedulable": true},
             "status": {"addresses": [{"type": "InternalIP", "address": "192.0.2.1"}, {"type": "Hostname", "address": "x"}],
                "conditions": [{"type": "Ready", "status": "Unknown", "reason": "r", "message": "m"}]}}
            """)
        #expect(
            node
                == Node(
                    .init(name: "node-1"), addresses: [IPAddress("192.0.2.1")].compactMap { $0 },
                    providerID: "aws:///eu/i-1", isUnschedulable: true,
                    conditions: [NodeCondition("Ready", status: "Unknown", reason: "r", message: "m")]))
        #expect(!node.isReady)
        #expect(node.condition("NetworkUnavailable") == nil)
    }

    @Test("a policy that is not understood in all parts is still an object of its own")
    func policy() throws {
        let object: PolicyObject = try decode(
            """
            {"metadata": {"name": "p", "namespace": "ns", "uid": "u", "resourceVersion": "3"},
             "spec": {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/99"}}]}]}}
            """)
        #expect(object.metadata.key == ObjectKey(namespace: "ns", name: "p"))
        #expect(object.policy.id == "kube.ns.p.u")
        #expect(!object.policy.problems.isEmpty)
    }
}
