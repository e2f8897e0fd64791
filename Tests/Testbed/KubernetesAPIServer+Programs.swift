extension KubernetesAPIServer {
    /// Where it serves.
    static let port = 6443

    /// The authority that its certificate is signed by, for agents.
    public var caFile: String { "\(folder)/server.pem" }
    /// The token of agents, which may do what their role allows.
    public var agentTokenFile: String { "\(folder)/agent-token" }
    /// The same in the form that programs of Kubernetes read.
    public var agentKubeconfig: String { "\(folder)/agent.kubeconfig" }
    /// What agents are told of it.
    public var agentOptions: [String] {
        ["--kubernetes-api", url, "--kubernetes-token-file", agentTokenFile, "--kubernetes-ca-file", caFile]
    }

    private static let agentToken = "agents-token"
    static let adminToken = "admins-token"

    /// Writes a certificate for all its addresses, the key of service accounts, the tokens and a kubeconfig.
    func writeKeys() async throws(TestbedError) {
        let names = ["IP:\(Fabric.address4)", "IP:\(Fabric.address6)", "IP:\(entrance.host)", "DNS:kubernetes.default"]
        try await Program(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=kube-apiserver", "-addext", "subjectAltName=\(names.joined(separator: ","))",
                "-out", caFile, "-keyout", "\(folder)/server.key",
            ]
        ).text()
        try await Program("openssl", ["genrsa", "-out", "\(folder)/accounts.key", "2048"]).text()
        try TextFile.write(
            """
            \(Self.adminToken),admin,1,"system:masters"
            \(Self.agentToken),romana-agent,2,"\(KubernetesManifest.agentGroup)"

            """, to: "\(folder)/tokens.csv", mode: 0o600)
        try TextFile.write(KubernetesAudit.policy, to: "\(folder)/audit-policy.yaml")
        try TextFile.write(Self.agentToken + "\n", to: agentTokenFile, mode: 0o600)
        try TextFile.write(
            kubeconfig(user: "romana-agent", credential: #"tokenFile: "\#(agentTokenFile)""#), to: agentKubeconfig,
            mode: 0o600)
    }

    /// What kubectl is told to ask as the administrator.
    public var adminKubeconfig: String {
        kubeconfig(user: "admin", credential: #"token: "\#(Self.adminToken)""#)
    }

    private func kubeconfig(user: String, credential: String) -> String {
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: test
          cluster: {server: "\(url)", certificate-authority: "\(caFile)"}
        users:
        - name: \(user)
          user: {\(credential)}
        contexts:
        - name: test
          context: {cluster: test, user: \(user)}
        current-context: test

        """
    }

    private var etcdURL: String { "http://127.0.0.1:2479" }

    var etcdProgram: Program {
        let peers = "http://127.0.0.1:2480"
        return Program(
            "etcd",
            [
                "--name", "kubernetes", "--data-dir", "\(folder)/etcd",
                "--listen-client-urls", etcdURL, "--advertise-client-urls", etcdURL,
                "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
                "--initial-cluster", "kubernetes=\(peers)",
                // Nothing here outlives the test.
                "--unsafe-no-fsync", "--logger", "zap", "--log-level", "warn",
            ],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            namespace: fabric.namespace.path)
    }

    /// Whether a NetworkPolicy keeps its `endPort` in it; others lose it without a word.
    public var knowsPortRanges: Bool { !["v1.20.", "v1.21."].contains { version.hasPrefix($0) } }

    func serverProgram() throws(TestbedError) -> Program {
        guard let executable = Self.program else { throw TestbedError(Self.absence) }
        var words = [
            "--etcd-servers", etcdURL, "--bind-address", "::", "--secure-port", "\(Self.port)",
            "--advertise-address", Fabric.address4,
            "--cert-dir", "\(folder)/certificates",
            "--tls-cert-file", caFile, "--tls-private-key-file", "\(folder)/server.key",
            "--service-account-issuer", "https://kubernetes.default",
            "--service-account-key-file", "\(folder)/accounts.key",
            "--service-account-signing-key-file", "\(folder)/accounts.key",
            // Nobody here knows nodes by their names.
            "--kubelet-preferred-address-types", "InternalIP",
            "--service-cluster-ip-range", serviceRange,
            "--authorization-mode", "RBAC", "--token-auth-file", "\(folder)/tokens.csv",
            // Pods here have no service account, nor anybody who would make one.
            "--disable-admission-plugins", "ServiceAccount",
        ]
        words += auditOptions
        // Versions before 1.23 keep one address of a pod only, unless they are asked for more.
        if ["v1.20.", "v1.21.", "v1.22."].contains(where: { version.hasPrefix($0) }) {
            words += ["--feature-gates", "IPv6DualStack=true"]
        }
        return Program(executable, words, namespace: fabric.namespace.path)
    }
}
