import Addresses
import CNIProtocol
import LinuxSystem
import Logging

extension Dataplane {
    /// A request that has been served and the answer it gets.
    typealias Served = (request: CNIRequest, answer: CNIAnswer)

    /// Serves all requests that are ready as one group; ADDs that wait for a block are answered by a later call.
    ///
    /// Deletions go first: they free addresses and names that the additions may need.
    func serve(_ requests: [CNIRequest], now: UInt64) -> [Served] {
        if requests.count > 1 { counters.sharedBatches += 1 }
        reaper.notice(now: now)
        var served: [Served] = []
        var additions: [CNIRequest] = []
        var deletions: [CNIRequest] = []
        for request in requests {
            switch request.environment.command {
            case .add: additions.append(request)
            case .del: deletions.append(request)
            case .check: served.append((request, answer(request) { () throws(CNIError) in try self.check(request) }))
            case .gc: served.append((request, collectGarbage(request, now: now)))
            case .status: served.append((request, answer(request) { () throws(CNIError) in try self.status() }))
            case .version: served.append((request, .empty))
            }
        }
        served += delete(deletions, now: now)
        served += add(additions, now: now)
        announceNeeds()
        return served
    }

    /// Tries the ADDs that wait for a block once more; those out of patience are told to come again.
    func serveWaiting(now: UInt64) -> [Served] {
        guard !waiting.isEmpty else { return [] }
        let requests = waiting
        waiting = []
        return add(requests, now: now)
    }

    /// When the first waiting ADD runs out of patience.
    var nextDeadline: UInt64? {
        waiting.map { $0.received + settings.patience }.min()
    }

    /// Drops a waiting ADD whose client has gone: nobody would learn of the address.
    func abandon(connection: UInt64) {
        waiting.removeAll { $0.connection == connection }
    }

    /// Takes note of requests whose answers have been sent.
    func answered(_ served: [Served], now: UInt64) {
        for (request, answer) in served {
            let command = request.environment.command
            let elapsed = now > request.received ? now - request.received : 0
            counters.record(command, succeeded: answer.status == 0, nanoseconds: elapsed)
            if answer.status == 0 { tell(request, elapsed) }
            if command == .add { faults.pass("add-answered") }
            if command == .del { faults.pass("del-answered") }
        }
    }

    /// One line for each ADD and DEL, written when the runtime has its answer.
    private func tell(_ request: CNIRequest, _ elapsed: UInt64) {
        let command = request.environment.command
        guard command == .add || command == .del else { return }
        var metadata = metadata(of: request)
        metadata["took"] = "\(elapsed / 1_000_000).\(String(elapsed / 1_000 % 1_000 + 1_000).dropFirst())ms"
        if command == .add, let attachment = attachments[request.key] {
            metadata["addresses"] = "\(attachment.addresses.map(\.address.description).joined(separator: ","))"
            metadata["link"] = "\(attachment.veth)"
        }
        logger.info("\(command.rawValue) done", metadata: metadata)
    }

    /// What every line about a request has.
    private func metadata(of request: CNIRequest) -> Logger.Metadata {
        let arguments = request.environment.args
        var metadata: Logger.Metadata = [
            "request": "\(request.id)", "container": "\(request.environment.containerID)",
            "interface": "\(request.environment.ifname)",
        ]
        if let pod = arguments.podName { metadata["pod"] = "\(arguments.podNamespace ?? "")/\(pod)" }
        return metadata
    }

    /// Logs a refusal and makes it an answer, which names the call as the log does.
    func refuse(_ request: CNIRequest, _ error: CNIError) -> CNIAnswer {
        logger.warning(
            "\(request.environment.command.rawValue) \(request.key): \(error)", metadata: metadata(of: request))
        var details = error.details
        if !request.id.isEmpty { details += (details.isEmpty ? "" : "; ") + "request \(request.id)" }
        return .refusal(CNIError(error.code, error.message, details: details), request.config.cniVersion)
    }

    private func answer(_ request: CNIRequest, _ body: () throws(CNIError) -> Void) -> CNIAnswer {
        do {
            try body()
            return .empty
        } catch {
            return refuse(request, error)
        }
    }

    /// STATUS (CNI spec 1.1, section 2): whether an ADD could be served.
    private func status() throws(CNIError) {
        if let problem { throw CNIError(.unavailable, problem) }
    }
}
