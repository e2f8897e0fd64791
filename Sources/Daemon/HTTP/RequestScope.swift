import Hummingbird
import NIOCore

/// What is known of one request besides its bytes.
struct RequestScope: RequestContext {
    /// Hummingbird's own part.
    var coreContext: CoreRequestContextStorage
    /// The connection it came over.
    let channel: (any Channel)?

    /// Takes a request that came over a connection.
    init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// A path parameter with its percent escapes undone.
    ///
    /// Throws an invalid request when the escapes are not UTF-8.
    func parameter(_ name: String) throws(DaemonError) -> String {
        let raw = parameters[name[...]] ?? ""
        guard let text = PercentEncoding.decoded(raw) else {
            throw DaemonError(
                .invalid, "read the path: \(raw) is not percent-encoded utf-8", type: "URI", id: String(raw))
        }
        return text
    }
}
