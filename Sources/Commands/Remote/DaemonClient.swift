import CNIProtocol
import HTTPTransfer
import LinuxSystem
import Synchronization

/// The daemon's REST API as the commands use it: any daemon that answers will do.
final class DaemonClient: Sendable {
    private let settings: Settings
    private let console: Console
    private let client = HTTPClient()
    /// The daemon that answered last.
    private let answering = Mutex<DaemonAddress?>(nil)

    /// How long a daemon may take; it gives up itself after 10 seconds.
    private static let patience = Duration.seconds(15)

    init(settings: Settings, console: Console) {
        self.settings = settings
        self.console = console
    }

    /// Reads a document.
    func get(_ path: String) async throws(CommandError) -> JSONValue { try await exchange("GET", path, nil) }

    /// Sends a document.
    @discardableResult
    func post(_ path: String, _ body: JSONValue) async throws(CommandError) -> JSONValue {
        try await exchange("POST", path, body.bytes)
    }

    /// Removes what a path names.
    @discardableResult
    func delete(_ path: String) async throws(CommandError) -> JSONValue { try await exchange("DELETE", path, nil) }

    /// The same read from every daemon that is known, in their order, with the URL of each; the silent are left out.
    ///
    /// - Parameter urls: further daemons, of which we know by hearsay: they are shown no token.
    func getFromAll(_ path: String, further urls: [String]) async -> [(url: String, answer: JSONValue)] {
        var answers: [(url: String, answer: JSONValue)] = []
        var asked: Set<String> = []
        for url in settings.daemons.map(\.url) + urls where asked.insert(url).inserted {
            let isNamed = settings.daemons.contains { $0.url == url }
            let outcome = await send("GET", DaemonAddress(url: url, origin: ""), path, nil, showsToken: isNamed)
            guard case .success(let response) = outcome,
                let answer = try? document(of: response, to: "GET \(url)\(path)")
            else { continue }
            answers.append((url: url, answer: answer))
        }
        return answers
    }

    private func exchange(_ method: String, _ path: String, _ body: [UInt8]?) async throws(CommandError) -> JSONValue {
        var failures: [DaemonFailure] = []
        var addresses = answering.withLock { $0 }.map { [$0] } ?? settings.daemons
        var agent: AgentHint?
        while true {
            for address in addresses {
                switch await send(method, address, path, body) {
                case .success(let response):
                    answering.withLock { $0 = address }
                    return try document(of: response, to: "\(method) \(address.url)\(path)")
                case .failure(let error):
                    let failure = DaemonFailure(address: address, error: error)
                    guard failure.leavesOthers(to: method) else { throw failure.verdict }
                    failures.append(failure)
                }
            }
            guard settings.isDaemonUnnamed, agent == nil else { throw DaemonFailure.verdict(failures, agent) }
            let hint = await AgentHint.ask(settings.agentSocket, client)
            addresses = hint.addresses.filter { address in !failures.contains { $0.address.url == address.url } }
            agent = hint
        }
    }

    private func send(
        _ method: String, _ address: DaemonAddress, _ path: String, _ body: [UInt8]?, showsToken: Bool = true
    ) async -> Result<HTTPResponse, HTTPTransferError> {
        var headers = [("Accept", "application/json")]
        if body != nil { headers.append(("Content-Type", "application/json")) }
        if showsToken, let token = settings.token { headers.append(("Authorization", "Bearer \(token)")) }
        let request = HTTPRequest(
            method: method, url: address.url + path, headers: headers, body: body, timeout: Self.patience,
            tls: settings.tls)
        let start = Clock.monotonicNanoseconds()
        do throws(HTTPTransferError) {
            let response = try await client.send(request)
            if settings.isVerbose {
                let milliseconds = (Clock.monotonicNanoseconds() - start) / 1_000_000
                console.printError("\(method) \(request.url): \(response.status) in \(milliseconds) ms")
            }
            return .success(response)
        } catch {
            if settings.isVerbose { console.printError("\(error)") }
            return .failure(error)
        }
    }

    private func document(of response: HTTPResponse, to operation: String) throws(CommandError) -> JSONValue {
        let isSuccess = (200..<300).contains(response.status)
        var body: JSONValue = .null
        do throws(JSONError) {
            if !response.body.isEmpty { body = try JSONValue(parsing: response.body) }
        } catch {
            if isSuccess { throw CommandError("\(operation): the answer is not JSON: \(error)") }
        }
        if isSuccess { return body }
        let problems = (body["problems"]?.arrayValue ?? []).map { "\($0["field"].shown): \($0["problem"].shown)" }
        if problems.count > 1 {
            throw CommandError("\(operation): status \(response.status)", problems: problems, noun: "reasons")
        }
        // The daemon's own sentence, if it has one.
        if let details = body["details"]?.stringValue, !details.isEmpty {
            throw CommandError("\(details) (status \(response.status))")
        }
        throw CommandError("\(operation): the daemon answered with status \(response.status)")
    }
}
