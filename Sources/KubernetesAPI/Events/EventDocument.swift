import LinuxSystem

/// An event as the API server keeps it.
struct EventDocument: Encodable {
    struct Metadata: Encodable {
        var namespace: String
        var name: String
    }

    struct Subject: Encodable {
        var apiVersion: String
        var kind: String
        var namespace: String
        var name: String
        var uid: String
        var resourceVersion: String
    }

    struct Source: Encodable {
        var component: String
        var host: String
    }

    var apiVersion = "v1"
    var kind = "Event"
    var metadata: Metadata
    var involvedObject: Subject
    var type: String
    var reason: String
    var message: String
    var source: Source
    var firstTimestamp: String
    var lastTimestamp: String
    var count = 1

    init(_ event: KubernetesEvent, source: Source, now: Int64) {
        let subject = event.subject
        metadata = Metadata(namespace: event.namespace, name: event.name)
        involvedObject = Subject(
            apiVersion: subject.apiVersion, kind: subject.kind, namespace: subject.metadata.namespace,
            name: subject.metadata.name, uid: subject.metadata.uid, resourceVersion: subject.metadata.resourceVersion)
        type = event.kind.rawValue
        reason = event.reason
        message = event.message
        self.source = source
        firstTimestamp = now.timestamp
        lastTimestamp = firstTimestamp
    }
}

/// An event that is told again.
struct EventRepetition: Codable {
    var count: Int
    var lastTimestamp: String
}

/// What is read of an event before it is told again.
struct ToldEvent: KubernetesResource {
    static let collection = KubernetesCollection("v1", "events")

    var metadata: ObjectMetadata
    var count: Int?
}

extension Int64 {
    /// Seconds since 1970 as a time of RFC 3339 in UTC; years are 1 to 9999.
    var timestamp: String {
        let seconds = Swift.min(Swift.max(self, -62_135_596_800), 253_402_300_799)
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let rest = seconds - day * 86_400
        // Days are counted from 1 March of the year 0, so that leap days are last in their cycles of 4, 100, 400 years.
        let shifted = day + 719_468
        let era = shifted / 146_097
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let parts = [
            year + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
            ofYear - (153 * month + 2) / 5 + 1, rest / 3600, rest / 60 % 60, rest % 60,
        ]
        let texts = zip(parts, [4, 2, 2, 2, 2, 2]).map { part, width in
            let text = String(part)
            return String(repeating: "0", count: Swift.max(0, width - text.utf8.count)) + text
        }
        return "\(texts[..<3].joined(separator: "-"))T\(texts[3...].joined(separator: ":"))Z"
    }
}
