/// Documents of pods, as the API server writes them.
enum PodText {
    static func pod(_ name: String, _ version: Int, labels: [String: String] = [:], in namespace: String = "ns")
        -> String
    {
        let labels = labels.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
        return """
            {"metadata": {"name": "\(name)", "namespace": "\(namespace)", "uid": "\(name)-uid", \
            "resourceVersion": "\(version)", "labels": {\(labels)}}, "spec": {"nodeName": "node-1"}, \
            "status": {"phase": "Running", "podIP": "10.0.0.\(name.utf8.count)"}}
            """
    }

    /// A pod whose labels are not what labels are.
    static func bad(_ name: String, _ version: Int) -> String {
        """
        {"metadata": {"name": "\(name)", "namespace": "ns", "resourceVersion": "\(version)"}, "spec": {"nodeName": 7}}
        """
    }

    static func list(_ version: Int, _ items: [String], more token: String = "") -> String {
        """
        {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "\(version)", "continue": "\(token)"}, \
        "items": [\(items.joined(separator: ", "))]}
        """
    }

    static func event(_ type: String, _ object: String) -> String { "{\"type\": \"\(type)\", \"object\": \(object)}\n" }

    static func bookmark(_ version: Int) -> String {
        event("BOOKMARK", "{\"kind\": \"Pod\", \"metadata\": {\"resourceVersion\": \"\(version)\"}}")
    }

    static func status(_ code: Int, _ reason: String) -> String {
        """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "as the test wants it", \
        "reason": "\(reason)", "code": \(code)}
        """
    }
}
