/// The pairs of `CNI_ARGS`: `KEY=value;KEY=value`, in any order.
public struct CNIArguments: Hashable, Sendable {
    /// One pair.
    public struct Pair: Hashable, Sendable {
        /// Before the first equals sign.
        public let key: String
        /// After it.
        public let value: String
    }

    /// The pairs in their order.
    public private(set) var pairs: [Pair] = []
    /// The pieces that are not pairs: without an equals sign, or with nothing before it.
    public private(set) var malformed: [String] = []

    /// Splits the text of the variable; empty pieces are passed over.
    public init(_ text: String = "") {
        // By bytes: neither sign is part of any other character in UTF-8.
        for piece in text.utf8.split(separator: UInt8(ascii: ";")) {
            guard let sign = piece.firstIndex(of: UInt8(ascii: "=")), sign > piece.startIndex else {
                malformed.append(String(Substring(piece)))
                continue
            }
            let value = piece[piece.index(after: sign)...]
            pairs.append(Pair(key: String(Substring(piece[..<sign])), value: String(Substring(value))))
        }
    }

    /// The value of a key, nil if it is not there; the last of repeated keys counts.
    public subscript(key: String) -> String? { pairs.last { $0.key == key }?.value }

    /// The namespace of the pod.
    public var podNamespace: String? { self["K8S_POD_NAMESPACE"] }
    /// The name of the pod.
    public var podName: String? { self["K8S_POD_NAME"] }
    /// The UID of the pod.
    public var podUID: String? { self["K8S_POD_UID"] }
    /// The id of the pod's sandbox, which is the container id as a rule.
    public var infraContainerID: String? { self["K8S_POD_INFRA_CONTAINER_ID"] }
    /// Whether the runtime says that keys a plugin does not know are no error.
    public var ignoresUnknown: Bool {
        switch self["IgnoreUnknown"] {
        case "1", "true", "True", "TRUE", "t", "T": true
        default: false
        }
    }
}
