import HTTPTransfer
import KubernetesAPI
import LinuxSystem
import Testbed
import Testing

@Suite("where the API server is")
struct ConfigurationTests {
    /// What a kubeconfig file says.
    func read(_ text: String, context: String? = nil) throws -> Result<KubernetesConfiguration, KubernetesAPIError> {
        let directory = try TemporaryDirectory("kubeconfig")
        defer { directory.remove() }
        let file = directory.file("config")
        try FileSystem.atomicWrite(file, Array(text.utf8))
        do throws(KubernetesAPIError) {
            var configuration = try KubernetesConfiguration(kubeconfig: file, context: context)
            let folder = file.dropLast("config".count)
            configuration.tls.caFile = configuration.tls.caFile.map { $0.replacing(folder, with: "FOLDER/") }
            return .success(configuration)
        } catch {
            var error = error
            error.description = error.description.replacing(file, with: "FILE")
            return .failure(error)
        }
    }

    static let whole = """
        apiVersion: v1
        kind: Config
        current-context: one
        clusters:
        - name: files
          cluster:
            server: https://10.0.0.1:6443/
            certificate-authority: pki/ca.crt
        - cluster:
            server: https://kube.example:443/prefix
            certificate-authority-data: Q0E=
          name: texts
        - {name: open, cluster: {server: "http://127.0.0.1:8001", insecure-skip-tls-verify: true}}
        users:
        - name: token
          user: {token: abc}
        - name: file
          user: {tokenFile: /run/token}
        - name: certificate
          user: {client-certificate-data: Q0VSVA==, client-key-data: S0VZ}
        - name: program
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1
              command: get-token
        contexts:
        - {name: one, context: {cluster: files, user: file, namespace: x}}
        - {name: two, context: {cluster: texts, user: certificate}}
        - {name: three, context: {cluster: open, user: token}}
        - {name: four, context: {cluster: open}}
        - {name: five, context: {cluster: files, user: program}}
        - {name: six, context: {cluster: files, user: nobody}}
        preferences: {}
        """

    @Test("a kubeconfig file names a server, whom to trust, and who we are")
    func kubeconfig() throws {
        let one = try read(Self.whole).get()
        #expect(one.server == "https://10.0.0.1:6443")
        #expect(one.tls.caFile == "FOLDER/pki/ca.crt")
        #expect(one.tokenFile == "/run/token")
        let two = try read(Self.whole, context: "two").get()
        #expect(two.server == "https://kube.example:443/prefix")
        #expect(
            two.tls
                == HTTPTLS(given: .init(ca: Array("CA".utf8), certificate: Array("CERT".utf8), key: Array("KEY".utf8))))
        let three = try read(Self.whole, context: "three").get()
        #expect(three.token == "abc")
        #expect(!three.tls.verifiesServer)
        let four = try read(Self.whole, context: "four").get()
        #expect(four.token == nil && four.tokenFile == nil)
    }

    @Test(
        "what is not served is refused by name",
        arguments: [
            (
                "five",
                "kubeconfig FILE: user program gets its credentials from a program (exec), which is not run here; name a "
                    + "tokenFile or a client certificate"
            ),
            ("six", "kubeconfig FILE: it has no user nobody"), ("seven", "kubeconfig FILE: it has no context seven"),
        ])
    func refusals(context: String, sentence: String) throws {
        #expect(throws: KubernetesAPIError(.configuration, sentence)) { try read(Self.whole, context: context).get() }
    }

    @Test(
        "a file that is no kubeconfig is refused, with its place",
        arguments: [
            ("", "kubeconfig FILE: it has no current-context"),
            ("a: [", "kubeconfig FILE: line 1: a comma or ] is due in a list"),
            ("current-context: x", "kubeconfig FILE: it has no context x"),
        ])
    func garbage(text: String, sentence: String) throws {
        #expect(throws: KubernetesAPIError(.configuration, sentence)) { try read(text).get() }
    }

    @Test("a pod of the cluster finds it by its environment and its service account")
    func inCluster() throws {
        let directory = try TemporaryDirectory("account")
        defer { directory.remove() }
        let folder = String(directory.file("x").dropLast(2))
        let variables = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "6443"]
        #expect(try KubernetesConfiguration.inCluster(folder: folder, variable: { variables[$0] }) == nil)
        try FileSystem.atomicWrite("\(folder)/token", Array("t".utf8))
        #expect(try KubernetesConfiguration.inCluster(folder: folder, variable: { _ in nil }) == nil)
        let found = try KubernetesConfiguration.inCluster(folder: folder, variable: { variables[$0] })
        #expect(found?.server == "https://[fd00::1]:6443")
        #expect(found?.tls.caFile == "\(folder)/ca.crt")
        #expect(found?.tokenFile == "\(folder)/token")
    }

    @Test(
        "an address that is none is refused",
        arguments: ["", "10.0.0.1:6443", "https://", "ftp://a", "https://a b", "https://a?b"])
    func addresses(text: String) {
        #expect(throws: KubernetesAPIError.self) { try KubernetesConfiguration(server: text) }
    }
}
