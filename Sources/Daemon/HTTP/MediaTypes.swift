/// The media types that the API reads and writes.
enum MediaTypes {
    /// Everything that means our JSON.
    static let json: Set<String> = [
        "application/json", "application/vnd.romana.v1+json", "application/vnd.romana+json",
    ]

    /// Whether a body of this `Content-Type` is read: our JSON with any parameters, but UTF-8; none at all counts as JSON.
    static func reads(contentType: String?) -> Bool {
        guard let contentType, !contentType.isEmpty else { return true }
        let (type, parameters) = parts(contentType)
        guard json.contains(type) else { return false }
        return parameters.allSatisfy { $0.name != "charset" || ["utf-8", "utf8", "us-ascii"].contains($0.value) }
    }

    /// Whether a client that sent this `Accept` takes one of `offered` (RFC 9110 section 12.5.1).
    static func accepts(_ accept: String?, offered: Set<String> = json) -> Bool {
        guard let accept, accept.contains(where: { $0 != " " }) else { return true }
        return accept.split(separator: ",").contains { range in
            let (type, parameters) = parts(String(range))
            if parameters.contains(where: { $0.name == "q" && isZero($0.value) }) { return false }
            if type == "*/*" || offered.contains(type) { return true }
            guard type.hasSuffix("/*") else { return false }
            return offered.contains { $0.hasPrefix(type.dropLast()) }
        }
    }

    /// A media type in lower case without its parameters, and its parameters.
    private static func parts(_ text: String) -> (type: String, parameters: [(name: String, value: String)]) {
        var fields = text.lowercased().split(separator: ";").map { trimmed($0) }
        let type = fields.isEmpty ? "" : fields.removeFirst()
        let parameters = fields.map { field -> (name: String, value: String) in
            let halves = field.split(separator: "=", maxSplits: 1).map { trimmed($0) }
            let value = halves.count == 2 ? halves[1].filter { $0 != "\"" } : ""
            return (name: halves.first ?? "", value: value)
        }
        return (type, parameters)
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    private static func isZero(_ quality: String) -> Bool {
        quality.hasPrefix("0") && quality.allSatisfy { $0 == "0" || $0 == "." }
    }
}
