/// Where a daemon may be, and who says so.
struct DaemonAddress: Hashable, Sendable {
    /// The root of its URLs, without a slash at its end.
    let url: String
    /// The option, variable, file or agent that named it, for messages.
    let origin: String

    /// The addresses of a text with commas between them; one without a scheme is spoken to by plain HTTP.
    static func list(_ text: String, origin: String) throws(CommandError) -> [DaemonAddress] {
        var addresses: [DaemonAddress] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            var url = part.contains("://") ? String(part) : "http://\(part)"
            while url.hasSuffix("/") { url.removeLast() }
            guard ["http://", "https://"].contains(where: { url.lowercased().hasPrefix($0) && url.count > $0.count })
            else {
                throw CommandError(
                    "the root URL is \"\(part)\" by \(origin): HOST:PORT, http://HOST:PORT or https://HOST:PORT is due",
                    kind: .usage)
            }
            addresses.append(DaemonAddress(url: url, origin: origin))
        }
        guard !addresses.isEmpty else { throw CommandError("the root URL is empty by \(origin)", kind: .usage) }
        return addresses
    }
}
