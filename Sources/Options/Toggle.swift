public import ArgumentParser

/// What an option says that is on or off.
///
/// The parser takes an option whose value it cannot read for the bare option, and `--pod-to-host=no` for true; so this reads
/// everything, and whoever uses it refuses what is neither. Options of it are parsed by `.next`: the usual strategy loses
/// the value of `--pod-to-host=false` as soon as another option follows (swift-argument-parser 1.8.2).
public struct Toggle: ExpressibleByArgument, Hashable, Sendable, CustomStringConvertible {
    /// The value as it was written; what a bare option means is `true`.
    public let description: String

    /// Any text at all.
    public init(argument: String) {
        description = argument
    }

    /// What a bare option says.
    public static let on = Toggle(argument: "true")

    /// Whether it is on, in one of the spellings that the documents' commands took; nil for anything else.
    public var isOn: Bool? {
        switch description {
        case "true", "TRUE", "True", "t", "T", "1": true
        case "false", "FALSE", "False", "f", "F", "0": false
        default: nil
        }
    }
}
