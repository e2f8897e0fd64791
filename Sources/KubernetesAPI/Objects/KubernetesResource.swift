/// A kind of object that is read from the API server.
///
/// Decoding reads only what is needed, and should put up with whatever else an object holds.
public protocol KubernetesResource: Decodable, Sendable {
    /// Where objects of the kind are.
    static var collection: KubernetesCollection { get }
    /// Who the object is.
    var metadata: ObjectMetadata { get }
}

/// The place of a kind of object in the API.
public struct KubernetesCollection: Hashable, Sendable {
    /// `/api/v1`, or `/apis/GROUP/VERSION`.
    public var base: String
    /// The name of the kind in paths: `pods`.
    public var plural: String

    /// A kind: `KubernetesCollection("networking.k8s.io/v1", "networkpolicies")`, or `("v1", "pods")`.
    public init(_ version: String, _ plural: String) {
        base = version.contains("/") ? "/apis/\(version)" : "/api/\(version)"
        self.plural = plural
    }

    /// The path of all objects of the kind, or of those in a namespace.
    func path(namespace: String?) -> String {
        guard let namespace, !namespace.isEmpty else { return "\(base)/\(plural)" }
        return "\(base)/namespaces/\(namespace.escapedForPath)/\(plural)"
    }

    /// The path of one object.
    func path(_ key: ObjectKey) -> String { "\(path(namespace: key.namespace))/\(key.name.escapedForPath)" }
}

extension String {
    /// As a piece of a path or a value in a query (RFC 3986 section 2.3).
    var escapedForPath: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.utf8.count < 2 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return text
    }
}
