import ArgumentParser

/// What an option says that is on or off.
///
/// The parser takes an option whose value it cannot read for the bare option, and `--pod-to-host=no` for true; so this reads
/// everything, and refuses later.
struct Toggle: ExpressibleByArgument, CustomStringConvertible {
    /// The value as it was written; what a bare option means is `true`.
    let description: String

    /// `true`, `false`, or another spelling of them that the documents' commands took.
    init(argument: String) {
        description = argument
    }

    /// What a bare option says.
    static let on = Toggle(argument: "true")

    /// Whether it is on; `option` is what messages call it.
    func isOn(_ option: String) throws(AgentError) -> Bool {
        switch description {
        case "true", "TRUE", "True", "t", "T", "1": true
        case "false", "FALSE", "False", "f", "F", "0": false
        default: throw AgentError("\(option): \(description) is neither true nor false")
        }
    }
}
