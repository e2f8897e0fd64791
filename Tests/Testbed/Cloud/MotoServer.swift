import HTTPTransfer
import LinuxSystem

/// moto's server, which plays EC2, IAM and STS over HTTP, with all that it keeps in memory; it dies with the test.
public final class MotoServer: Sendable {
    /// Where it is installed, as `make test-system` names it in `ROMANA_MOTO`; nil where it is not.
    public static var folder: String? {
        let path = ProcessEnvironment.value("ROMANA_MOTO") ?? ".build-debug/moto"
        return FileSystem.isExecutable("\(path)/bin/python") ? path : nil
    }

    /// What is said of tests that cannot run without it.
    public static let absence = "no moto: run these tests by `make test-system`"

    /// Its region, which is that of every call here.
    public static let region = "eu-central-1"

    /// Where this process reaches it: `http://127.0.0.1:PORT`.
    public let url: String
    private let process: ChildProcess
    private let client = HTTPClient()

    private init(url: String, process: ChildProcess) {
        self.url = url
        self.process = process
    }

    /// Starts it, and waits until it answers.
    ///
    /// - Parameters:
    ///   - namespace: the network namespace that it serves in, nil for this process's own.
    ///   - host: where this process reaches it there; it serves on all addresses of a namespace of its own.
    ///   - port: nil for one that is free in this process's own namespace.
    ///   - routesPerTable: how many routes a table takes.
    ///   - log: the file that it writes to.
    public static func start(
        in namespace: String? = nil, host: String = "127.0.0.1", port: UInt16? = nil, routesPerTable: Int = 500,
        log: String
    ) async throws -> MotoServer {
        guard let folder else { throw TestbedError(absence) }
        let script = "\(#filePath.droppingParts(3))/moto/server.py"
        let number: UInt16
        if let port { number = port } else { number = try EtcdServer.freePorts(1)[0] }
        let program = Program(
            "\(folder)/bin/python",
            [script, namespace == nil ? "127.0.0.1" : "0.0.0.0", "\(number)", "\(routesPerTable)"],
            environment: ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"], namespace: namespace)
        let server = MotoServer(
            url: "http://\(host):\(number)", process: try await ChildProcess.start(program, log: log))
        do {
            try await eventually("moto answers at \(server.url)", within: .seconds(60), every: .milliseconds(100)) {
                if let status = server.process.status {
                    throw TestbedError("moto ended with \(status):\n\(server.process.said())")
                }
                return (try? await server.client.send(HTTPRequest(url: "\(server.url)/moto-api/data.json"))) != nil
            }
        } catch {
            await server.remove()
            throw error
        }
        return server
    }

    /// Ends it.
    public func remove() async {
        client.shutdown()
        await process.crash()
    }

    /// Calls an action as an administrator whom nobody asks for a signature, and gives the answer's text.
    @discardableResult
    public func call(
        _ action: String, _ parameters: KeyValuePairs<String, String> = [:], service: String = "ec2"
    ) async throws(TestbedError) -> String {
        try await call(action, parameters.map { ($0.key, $0.value) }, service: service)
    }

    /// The same, with parameters that are put together.
    @discardableResult
    public func call(
        _ action: String, _ parameters: [(String, String)], service: String = "ec2"
    ) async throws(TestbedError) -> String {
        let version = ["ec2": "2016-11-15", "iam": "2010-05-08", "sts": "2011-06-15"][service] ?? ""
        let pairs = [("Action", action), ("Version", version)] + parameters
        let scope = "20260101/\(Self.region)/\(service)/aws4_request"
        return try await send(
            "/", pairs.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&"),
            [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Authorization", "AWS4-HMAC-SHA256 Credential=admin/\(scope), SignedHeaders=host, Signature=none"),
            ])
    }

    /// From now on every call has to be signed with keys that moto gave out, and allowed by their policies.
    public func demandSignatures() async throws(TestbedError) {
        try await send("/moto-api/reset-auth", "0", [("Content-Type", "text/plain")])
    }

    @discardableResult
    private func send(
        _ path: String, _ body: String, _ headers: [(String, String)]
    ) async throws(TestbedError) -> String {
        let request = HTTPRequest(
            method: "POST", url: url + path, headers: headers, body: Array(body.utf8), timeout: .seconds(60))
        let answer: HTTPResponse
        do {
            answer = try await client.send(request)
        } catch {
            throw TestbedError("\(error)")
        }
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 200 else { throw TestbedError("moto: \(body): \(answer.status): \(text)") }
        return text
    }
}

extension String {
    /// The path without its last parts.
    fileprivate func droppingParts(_ count: Int) -> String {
        split(separator: "/", omittingEmptySubsequences: false).dropLast(count).joined(separator: "/")
    }

    /// The texts of all elements of a name, in order, of a document whose elements of that name have no attributes.
    public func elements(_ name: String) -> [String] {
        var texts: [String] = []
        var rest = self[...]
        while let start = rest.firstIndex(of: "<\(name)>") {
            rest = rest[start...].dropFirst(name.count + 2)
            guard let end = rest.firstIndex(of: "</\(name)>") else { break }
            texts.append(String(rest[..<end]))
            rest = rest[end...]
        }
        return texts
    }
}

extension Substring {
    fileprivate func firstIndex(of text: String) -> Index? {
        let pattern = Array(text.utf8)
        let bytes = Array(utf8)
        guard bytes.count >= pattern.count else { return nil }
        for start in 0...(bytes.count - pattern.count) where bytes[start] == pattern[0] {
            if bytes[start..<(start + pattern.count)].elementsEqual(pattern) {
                return utf8.index(startIndex, offsetBy: start)
            }
        }
        return nil
    }
}
