import HTTPTransfer

/// A daemon that brought no answer.
struct DaemonFailure {
    let address: DaemonAddress
    let error: HTTPTransferError

    /// Whether another daemon may be asked the same.
    ///
    /// What changes something is sent once more only if it certainly has not arrived.
    func leavesOthers(to method: String) -> Bool {
        switch error.code {
        case .connect, .resolve, .tls: true
        case .timeout, .closed, .invalidResponse: method == "GET"
        case .invalidRequest, .tooLarge, .cancelled, .other: false
        }
    }

    /// The failure as the end of a command.
    var verdict: CommandError {
        switch error.code {
        case .connect, .resolve, .tls: Self.verdict([self], nil)
        case .invalidRequest: CommandError("\(error)", kind: .usage)
        case .timeout, .closed, .invalidResponse: CommandError("\(error)", kind: .unreachable)
        case .tooLarge, .cancelled, .other: CommandError("\(error)")
        }
    }

    /// One sentence: which daemons were tried, how each one fared, and how to name another.
    static func verdict(_ failures: [DaemonFailure], _ agent: AgentHint?) -> CommandError {
        var tried = failures.map { "\($0.error)" }
        if let agent { tried.append(agent.report) }
        let advice = "--rootURL, ROMANA_ROOTURL or RootURL in a settings file names a daemon"
        return CommandError(tried.joined(separator: "; ") + "; " + advice, kind: .unreachable)
    }
}
