import Commands
import Glibc

/// The operator's command.
@main
struct Main {
    static func main() async {
        exit(await RomanaProgram.run(Array(CommandLine.arguments.dropFirst()), console: .process))
    }
}
