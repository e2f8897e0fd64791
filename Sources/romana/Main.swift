import Commands
import Glibc

/// The operator's command.
@main
struct Main {
    static func main() async {
        // Who closes a pipe has had enough: that is told by the write that fails, not by a signal that kills.
        signal(SIGPIPE, SIG_IGN)
        exit(await RomanaProgram.run(Array(CommandLine.arguments.dropFirst()), console: .process))
    }
}
