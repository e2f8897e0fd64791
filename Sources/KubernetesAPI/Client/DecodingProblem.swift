/// What is wrong with a document, in a short sentence.
struct DecodingProblem: CustomStringConvertible {
    let description: String

    init(_ error: any Error) {
        guard let error = error as? DecodingError else {
            description = "\(error)"
            return
        }
        switch error {
        case .keyNotFound(let key, let context):
            description = Self.sentence(context, "it has no \(key.stringValue)")
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            description = Self.sentence(context, context.debugDescription)
        @unknown default: description = "\(error)"
        }
    }

    private static func sentence(_ context: DecodingError.Context, _ problem: String) -> String {
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        return path.isEmpty ? problem : "\(path.first == "." ? path.dropFirst() : path[...]): \(problem)"
    }
}
