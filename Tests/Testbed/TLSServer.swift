/// A certificate of our own making, and a server of Debian's `openssl` that uses it.
public struct TLSServer: Sendable {
    /// What every request is answered with.
    public enum Answers: String, Sendable {
        /// A page about the connection.
        case page = "-www"
        /// Files of the server's folder.
        case files = "-WWW"
    }

    private let directory: TemporaryDirectory
    private let process: ChildProcess
    /// `https://127.0.0.1:PORT`, without a slash at its end.
    public let url: String

    /// The path of its certificate, which is its own authority.
    public var certificate: String { directory.file("certificate.pem") }
    /// The path of its key.
    public var key: String { directory.file("key.pem") }
    /// The path of a file with both.
    public var both: String { directory.file("both.pem") }

    /// Has a server on a port that is free while something is done.
    ///
    /// - Parameters:
    ///   - demandsCertificate: whether a client has to show a certificate, of the server's own authority.
    ///   - files: names and texts of what is in its folder besides.
    public static func run(
        _ answers: Answers, demandsCertificate: Bool = false, files: [String: String] = [:],
        _ body: (TLSServer) async throws -> Void
    ) async throws {
        let server = try await start(answers, demandsCertificate: demandsCertificate, files: files)
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private static func start(
        _ answers: Answers, demandsCertificate: Bool, files: [String: String]
    ) async throws -> TLSServer {
        let directory = try TemporaryDirectory("tls")
        for (name, text) in files { try TextFile.write(text, to: directory.file(name)) }
        let script = """
            cd "$0"
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test \
                -addext subjectAltName=IP:127.0.0.1 -out certificate.pem -keyout key.pem 2>&1
            cat certificate.pem key.pem >both.pem
            exec openssl s_server -accept 127.0.0.1:0 -cert certificate.pem -key key.pem "$@"
            """
        let demand = ["-Verify", "1", "-verify_return_error", "-CAfile", "certificate.pem"]
        let process = try await ChildProcess.start(
            Program("sh", ["-ec", script, directory.path, answers.rawValue] + (demandsCertificate ? demand : [])),
            log: directory.file("log"))
        for _ in 0..<500 {
            // "ACCEPT 127.0.0.1:40123"
            let line = process.said().split(separator: "\n").first { $0.hasPrefix("ACCEPT 127.0.0.1:") }
            if let port = line?.split(separator: ":").last {
                return TLSServer(directory: directory, process: process, url: "https://127.0.0.1:\(port)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        let said = process.said()
        await process.crash()
        directory.remove()
        throw TestbedError("openssl s_server: \(said)")
    }

    private func stop() async {
        await process.crash()
        directory.remove()
    }
}
