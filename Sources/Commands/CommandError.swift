import HTTPTransfer
import LinuxSystem

/// Why a command did not do what it should: one sentence for the operator.
struct CommandError: Error, Hashable, CustomStringConvertible {
    /// What the exit status tells a script.
    enum Kind: Int32 {
        /// Whoever read the output has had enough, which is no failure.
        case closedPipe = 0
        /// Something was refused, or did not work.
        case failed = 1
        /// Nobody answered who could have refused.
        case unreachable = 2
        /// The command line, a variable or a settings file makes no sense (`EX_USAGE` of sysexits.h).
        case usage = 64
    }

    /// The sentence, lower case, without the program's name.
    let description: String
    let kind: Kind

    init(_ description: String, kind: Kind = .failed) {
        self.description = description
        self.kind = kind
    }

    /// A sentence that several things are behind: one is told in its line, more in a line each.
    ///
    /// - Parameter noun: what they are called when there are several, such as `things are wrong`.
    init(_ doing: String, problems: [String], noun: String = "things are wrong", kind: Kind = .failed) {
        if let only = problems.first, problems.count == 1 {
            self.init("\(doing): \(only)", kind: kind)
        } else {
            let lines = problems.map { "\n  " + Console.harmless($0) }.joined()
            self.init("\(doing): \(problems.count) \(noun):" + lines, kind: kind)
        }
    }

    init(_ error: SystemError, kind: Kind = .failed) { self.init("\(error)", kind: kind) }
}
