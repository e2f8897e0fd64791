/// Looks again and again, and shows what it sees whenever that differs.
///
/// On a terminal the picture is drawn over the one before; elsewhere each one follows the last. It ends without an error
/// on SIGINT, on SIGTERM and when nobody reads any more. A look that fails at the beginning is an error; later ones are
/// told, and the watch goes on.
struct Watch: Sendable {
    let session: Session
    /// Seconds from one look to the next.
    let interval: Double
    let look: @Sendable () async throws(CommandError) -> View

    func run() async throws(CommandError) {
        let outcome = await withTaskGroup(of: CommandError?.self) { group in
            group.addTask {
                do throws(CommandError) {
                    try await repeatedly()
                    return nil
                } catch {
                    return error
                }
            }
            group.addTask {
                await session.console.stopRequested()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let outcome { throw outcome }
    }

    private func repeatedly() async throws(CommandError) {
        var shown: String?
        var told: [String] = []
        while !Task.isCancelled {
            var notes: [String] = []
            do throws(CommandError) {
                let view = try await look()
                notes = view.notes
                let text = view.text(
                    session.settings.format, width: session.console.size()?.columns,
                    usesColour: session.console.usesColour)
                // What was told stands below the picture, and goes with it.
                if text != shown || told != notes { try draw(text, isFirst: shown == nil) }
                shown = text
            } catch {
                guard shown != nil, error.kind != .closedPipe else { throw error }
                notes = [error.description]
            }
            if !Task.isCancelled, notes != told { session.tell(notes) }
            told = notes
            do { try await Task.sleep(for: .seconds(interval)) } catch { return }
        }
    }

    private func draw(_ text: String, isFirst: Bool) throws(CommandError) {
        guard let size = session.console.size() else {
            let separator = session.settings.format == .yaml ? "---\n" : session.settings.format == .table ? "\n" : ""
            return try session.console.print((isFirst ? "" : separator) + text)
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // One line stays free for the cursor.
        let room = max(1, size.rows - 1)
        if lines.count > room { lines = lines.prefix(room - 1) + ["… \(lines.count - room + 1) more lines"] }
        // From the upper left corner, each line and then the rest of the screen cleared: nothing flickers.
        let home = isFirst ? "\u{1B}[2J\u{1B}[H" : "\u{1B}[H"
        try session.console.send(home + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
    }
}
