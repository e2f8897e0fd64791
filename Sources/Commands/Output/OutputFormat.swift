import ArgumentParser

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// Columns for people.
    case table
    /// The document, indented.
    case json
    /// The document as YAML.
    case yaml
}
