import HTTPTransfer

/// A call of AWS's query protocol: an action and its parameters as a form.
struct QueryRequest: Sendable {
    static let contentType = "application/x-www-form-urlencoded; charset=utf-8"

    /// What is called: `DescribeInstances`.
    let action: String
    private(set) var parameters: [(String, String)]

    init(_ action: String, version: String) {
        self.action = action
        parameters = [("Action", action), ("Version", version)]
    }

    mutating func add(_ name: String, _ value: String) { parameters.append((name, value)) }

    /// Adds `NAME.1`, `NAME.2`, ...
    mutating func add(_ name: String, list values: [String]) {
        for (index, value) in values.enumerated() { add("\(name).\(index + 1)", value) }
    }

    var body: [UInt8] {
        Array(parameters.map { "\($0.0.percentEncoded)=\($0.1.percentEncoded)" }.joined(separator: "&").utf8)
    }
}
