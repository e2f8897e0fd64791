internal import Crypto
import HTTPTransfer

/// What is signed of a request.
struct SignableRequest: Sendable {
    var method = "POST"
    /// The path, not yet encoded.
    var path = "/"
    /// Names and values of the query, not yet encoded.
    var query: [(String, String)] = []
    /// Header fields, `host` among them.
    var headers: [(String, String)]
    var body: [UInt8] = []

    /// The names of the header fields, as a signature lists them.
    var signedHeaders: String { Set(headers.map { $0.0.lowercased() }).sorted().joined(separator: ";") }

    /// The request as AWS writes it down before it hashes it.
    var canonical: String {
        let pairs = query.map { ($0.0.percentEncoded, $0.1.percentEncoded) }.sorted { $0 < $1 }
        let path = self.path.split(separator: "/", omittingEmptySubsequences: false)
            .map { String($0).percentEncoded }.joined(separator: "/")
        let fields = Dictionary(grouping: headers) { $0.0.lowercased() }
            .mapValues { $0.map { Self.trimmed($0.1) }.joined(separator: ",") }
            .sorted { $0.key < $1.key }
        return """
            \(method)
            \(path)
            \(pairs.map { "\($0)=\($1)" }.joined(separator: "&"))
            \(fields.map { "\($0.key):\($0.value)\n" }.joined())
            \(signedHeaders)
            \(SHA256.hash(data: body).hexadecimal)
            """
    }

    /// A field's value without blanks at its ends, and with one in place of several.
    private static func trimmed(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }
}

extension Sequence<UInt8> {
    /// Two digits for each byte.
    var hexadecimal: String {
        var text = ""
        for byte in self { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return text
    }
}
