/// Something to be told to whoever looks at an object (core/v1 Event).
public struct KubernetesEvent: Hashable, Sendable {
    /// How serious it is.
    public enum Kind: String, Hashable, Sendable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// The object that it is about.
    public struct Subject: Hashable, Sendable {
        /// `networking.k8s.io/v1`.
        public var apiVersion: String
        /// `NetworkPolicy`.
        public var kind: String
        /// Who it is.
        public var metadata: ObjectMetadata

        /// An object.
        public init(apiVersion: String, kind: String, _ metadata: ObjectMetadata) {
            self.apiVersion = apiVersion
            self.kind = kind
            self.metadata = metadata
        }
    }

    /// The object that it is about.
    public var subject: Subject
    /// How serious it is.
    public var kind: Kind
    /// Why it is told, in one word: `PolicyRefused`.
    public var reason: String
    /// What is told.
    public var message: String

    /// An event; of a long message the API server takes the first 1024 bytes.
    public init(_ subject: Subject, kind: Kind, reason: String, message: String) {
        self.subject = subject
        self.kind = kind
        self.reason = reason
        self.message = message.shortened(to: 1024)
    }

    /// The namespace of its object: that of what it is about, `default` where that is in none.
    var namespace: String { subject.metadata.namespace.isEmpty ? "default" : subject.metadata.namespace }

    /// The name of its object, the same for the same event however often and by whomever it is told.
    var name: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(subject.metadata.uid) \(reason) \(message)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return "\(subject.metadata.name.prefix(200)).\(String(hash, radix: 16))"
    }
}

extension String {
    /// The text, or as much of it as goes into so many bytes, with dots at its end.
    fileprivate func shortened(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var text = ""
        var count = 3
        for character in self {
            count += character.utf8.count
            if count > limit { break }
            text.append(character)
        }
        return text + "..."
    }
}
