import LinuxSystem

/// What Kubernetes tells a container of a Service, by environment variables.
enum ServiceVariable {
    /// The base address of a Service: `address("ROMANA", port: "DAEMON", else: "9600")`; nil where there is none.
    static func address(_ service: String, port: String, else usual: String) -> String? {
        guard let host = ProcessEnvironment.value("\(service)_SERVICE_HOST") else { return nil }
        let port = ProcessEnvironment.value("\(service)_SERVICE_PORT_\(port)") ?? usual
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}
