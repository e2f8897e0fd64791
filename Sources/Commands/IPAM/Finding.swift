import CNIProtocol

/// Something that does not agree.
struct Finding: Hashable, Sendable {
    /// How bad it is.
    enum Kind: String, Sendable, CaseIterable {
        /// A block or an address is in two places, or where it must not be.
        case conflict
        /// Something is held for nobody.
        case leak
        /// Two who should know the same do not.
        case difference
    }

    let kind: Kind
    /// The block, address or host that it is about.
    let subject: String
    /// The host, empty when it is about none.
    let host: String
    /// What is wrong, as a sentence without the subject.
    let details: String

    init(_ kind: Kind, _ subject: String, host: String = "", _ details: String) {
        self.kind = kind
        self.subject = subject
        self.host = host
        self.details = details
    }

    /// For programs.
    var document: JSONValue {
        [
            "kind": .string(kind.rawValue), "subject": .string(subject), "host": .string(host),
            "details": .string(details),
        ]
    }

    /// `2 conflicts, 1 leak`; nothing is wrong when there are none.
    static func summary(_ findings: [Finding]) -> String {
        let parts = Kind.allCases.compactMap { kind -> String? in
            let count = findings.count { $0.kind == kind }
            return count == 0 ? nil : "\(count) \(kind.rawValue)\(count == 1 ? "" : "s")"
        }
        return parts.isEmpty ? "nothing is wrong" : parts.joined(separator: ", ")
    }

    /// One row a finding.
    static func table(_ findings: [Finding]) -> Table {
        var table = Table(
            [.init("Kind", .key), .init("Subject", .key), .init("Host"), .init("Details", .key)], empty: "")
        for finding in findings {
            table.add([
                .init(finding.kind.rawValue, finding.kind == .conflict ? .bad : .warning), .init(finding.subject),
                .init(finding.host), .init(finding.details),
            ])
        }
        return table
    }
}
