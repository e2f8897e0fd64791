import ArgumentParser

/// Runs the command line as a process does: arguments in, text and an exit status out.
public enum RomanaProgram {
    /// Runs one command with the arguments that follow the program's name.
    ///
    /// Answers 0 when all went well, 1 when something was refused or failed, 2 when nobody could be reached, 64 when the
    /// command line or the settings make no sense.
    public static func run(_ arguments: [String], console: Console) async -> Int32 {
        await Console.$current.withValue(console) {
            do {
                var command = try RomanaCommand.parseAsRoot(arguments)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    // Only the parser's own commands are of this kind: help, that is.
                    try command.run()
                }
                return 0
            } catch let error as CommandError {
                if error.kind != .closedPipe { console.printError("romana: \(error)") }
                return error.kind.rawValue
            } catch {
                return report(error, to: console)
            }
        }
    }

    /// What the parser has to say: help, version and completion on standard output, usage on standard error.
    private static func report(_ error: any Error, to console: Console) -> Int32 {
        let message = RomanaCommand.fullMessage(for: error)
        let status = RomanaCommand.exitCode(for: error)
        guard status == .success else {
            if !message.isEmpty { console.printError(message) }
            return status == .validationFailure ? CommandError.Kind.usage.rawValue : status.rawValue
        }
        do throws(CommandError) {
            try console.print(message)
            return 0
        } catch {
            return error.kind.rawValue
        }
    }
}
