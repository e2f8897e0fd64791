import FoundationEssentials
import HTTPTransfer

/// A watch under way: the lines of one answer of the API server.
struct WatchStream<Object: KubernetesResource>: Sendable {
    private var body: HTTPBody.AsyncIterator
    private var splitter = LineSplitter()
    /// When it began.
    let began = ContinuousClock.now

    init(_ body: HTTPBody) { self.body = body.makeAsyncIterator() }

    /// The lines that came together, nil at the end; a line that is none of a watch ends it as `expired`, since what it
    /// should have said is missing from then on.
    mutating func next() async throws(KubernetesAPIError) -> [WatchEvent<Object>]? {
        let bytes: [UInt8]?
        do {
            bytes = try await body.next()
        } catch {
            throw KubernetesAPIError(error)
        }
        guard let bytes else { return nil }
        guard let lines = splitter.take(bytes) else {
            return [.error(Self.loss("a line has more than \(splitter.limit) bytes"))]
        }
        let decoder = JSONDecoder()
        var events: [WatchEvent<Object>] = []
        for line in lines {
            do {
                events.append(try decoder.decode(WatchEvent<Object>.self, from: Data(line)))
            } catch {
                return events + [.error(Self.loss("a line makes no sense: \(DecodingProblem(error))"))]
            }
        }
        return events
    }

    private static func loss(_ problem: String) -> KubernetesAPIError {
        KubernetesAPIError(.expired, "watch \(Object.collection.plural): \(problem)")
    }
}
