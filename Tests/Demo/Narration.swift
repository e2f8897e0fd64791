import Glibc

/// What the demo tells its reader, line by line, and what it remembers for the summary.
struct Narration {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var step = 0
    private var heading = "before the first step"
    private var seen: [String] = []

    init() {
        start = clock.now
    }

    /// Begins a step.
    mutating func begin(_ heading: String) {
        step += 1
        self.heading = heading
        say("\n[\(step)] \(heading)  (\(elapsed))")
    }

    /// One line below the heading.
    func say(_ line: String) {
        // Unbuffered, so that the order with what children print is kept, and a pipe sees it at once.
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }

    /// Lines that a program of the system printed.
    func show(_ command: String, _ output: String) {
        say("\n    $ \(command)")
        for line in output.split(separator: "\n") {
            say("    \(line)")
        }
    }

    /// Something that held: said now, and once more in the summary.
    mutating func found(_ fact: String) {
        say("    \(fact)")
        seen.append(fact)
    }

    /// The last lines of a demo that went well.
    func summary() {
        say("\nSeen in \(elapsed):")
        for fact in seen { say("  - \(fact)") }
    }

    /// The last lines of a demo that did not.
    func failed(_ reason: String) {
        say("\nThe demo failed in step \(step) (\(heading)):\n\(reason)")
    }

    private var elapsed: String {
        let duration = clock.now - start
        let tenths = duration.components.seconds * 10 + duration.components.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
