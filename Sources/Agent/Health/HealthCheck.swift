import CNIProtocol

/// One thing that an agent's health depends on, and how it is with it.
struct HealthCheck: Hashable, Sendable {
    /// How it is.
    enum Outcome: String, Sendable {
        case ok
        /// Pods come and go, but not for ever, or not everything is as wanted.
        case warning
        /// No pod can be added.
        case failed
    }

    var name: String
    var outcome: Outcome
    /// What is so, in words.
    var message: String

    init(_ name: String, _ outcome: Outcome, _ message: String) {
        self.name = name
        self.outcome = outcome
        self.message = message
    }

    /// As it stands in `/healthz`, `/readyz` and `/v1/node`.
    var json: JSONValue {
        ["name": .string(name), "outcome": .string(outcome.rawValue), "message": .string(message)]
    }

    /// As a line for people.
    var line: String { "\(outcome.rawValue) \(name): \(message)" }
}

extension [HealthCheck] {
    /// Why the first that failed did; nil when none did.
    var failure: String? { first { $0.outcome == .failed }.map { "\($0.name): \($0.message)" } }
}
