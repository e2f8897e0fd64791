extension DecodingError {
    /// Where in a document which value is of the wrong kind.
    var sentence: String {
        let (context, problem): (Context, String) =
            switch self {
            case .typeMismatch(let type, let context): (context, "\(Self.noun(type)) is due")
            case .valueNotFound(let type, let context): (context, "\(Self.noun(type)) is due, not null")
            case .keyNotFound(let key, let context): (context, "key \(key.stringValue) is missing")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (Context(codingPath: [], debugDescription: ""), "\(self)")
            }
        let path = context.codingPath.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return path.isEmpty ? problem : "\(path): \(problem)"
    }

    /// What a type is called in a document.
    private static func noun(_ type: Any.Type) -> String {
        switch type {
        case is any BinaryInteger.Type: "a whole number"
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is any Collection.Type: "\(type)".hasPrefix("Array") ? "a list" : "an object"
        default: "another kind of value"
        }
    }
}
