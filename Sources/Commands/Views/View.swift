import CNIProtocol
import YAML

/// What a command shows: a document for programs, and pictures of it for people.
struct View: Sendable {
    /// The answer of the other side, as it came.
    let document: JSONValue
    /// The same for people, made only when they look.
    let pictures: @Sendable () -> [any Picture]
    /// What is told besides, on standard error.
    let notes: [String]
    /// Whether it is all that was asked for, and as it should be; if not, the exit status is 1.
    let isWhole: Bool

    init(
        _ document: JSONValue, notes: [String] = [], isWhole: Bool = true,
        _ pictures: @escaping @Sendable () -> [any Picture]
    ) {
        self.document = document
        self.notes = notes
        self.isWhole = isWhole
        self.pictures = pictures
    }

    /// The view in a format.
    func text(_ format: OutputFormat, width: Int?, usesColour: Bool) -> String {
        switch format {
        case .json: document.indented
        case .yaml: document.yaml
        case .table: pictures().map { $0.text(width: width, usesColour: usesColour) }.joined(separator: "\n\n")
        }
    }
}
