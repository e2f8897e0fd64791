import ArgumentParser

/// Runs the command line as a process does: arguments in, text and an exit status out.
public enum RomanaProgram {
    /// Runs one command with the arguments that follow the program's name.
    ///
    /// Answers 0 when all went well, 1 when something was refused or not reached, 2 when the arguments make no sense.
    public static func run(_ arguments: [String], console: Console) async -> Int32 {
        await Console.$current.withValue(console) {
            do {
                let command = try RomanaCommand.parseAsRoot(arguments)
                guard var command = command as? any AsyncParsableCommand else { throw CleanExit.helpRequest() }
                try await command.run()
                return 0
            } catch let error as CommandError {
                console.printError("romana: \(error)")
                return 1
            } catch {
                return report(error, to: console)
            }
        }
    }

    /// What the parser has to say: help and version on standard output, usage on standard error.
    private static func report(_ error: any Error, to console: Console) -> Int32 {
        let message = RomanaCommand.fullMessage(for: error)
        switch RomanaCommand.exitCode(for: error) {
        case .success:
            console.print(message)
            return 0
        case .validationFailure:
            console.printError(message)
            return 2
        default:
            if !message.isEmpty { console.printError(message) }
            return 1
        }
    }
}
