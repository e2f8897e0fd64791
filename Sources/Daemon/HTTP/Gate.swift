import HTTPTypes
import Hummingbird

/// Lets in who shows one of the tokens; everybody while there are none.
struct Gate: Sendable {
    /// The tokens that are let in; nil when none is asked for.
    var tokens: Renewed<[String]>?

    /// Throws 401 unless the request has a token that is known.
    func admit(_ request: Request) throws(DaemonError) {
        guard let tokens else { return }
        let words = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else {
            throw DaemonError(.unauthorized, "\(request.method.rawValue) \(request.uri.path): it needs a bearer token")
        }
        let shown = Array(words[1].utf8)
        // Every token is compared to its end, so that the time taken tells nothing of them.
        let isKnown = tokens.value.reduce(false) { Self.areEqual(Array($1.utf8), shown) || $0 }
        guard isKnown else {
            throw DaemonError(.unauthorized, "\(request.method.rawValue) \(request.uri.path): the token is not known")
        }
    }

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
