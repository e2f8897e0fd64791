import DequeModule
import LinuxSystem

/// The agent's memory of its attachments: an append-only file on a tmpfs, so that it vanishes exactly when the pods do.
///
/// Every line is one write, so a crash of the agent tears at most the last line, which is then ignored. There is no
/// fsync: a machine that loses power loses its pods as well. The file is written anew when most of it is history.
final class Journal {
    /// The name of the file in the run directory.
    static let fileName = "journal"

    private let path: String
    private var file: FileDescriptor
    private var lines = 0
    private var live: [AttachmentKey: JournalEntry] = [:]
    /// Attachments that went, while their addresses may still be resting.
    private var resting: Deque<JournalEntry> = []
    private let rest: UInt64

    /// What the file held when it was opened: the last entry of every attachment that is not gone.
    private(set) var recovered: [JournalEntry] = []
    /// Attachments whose addresses were resting when the file was opened, the one that went first in front.
    private(set) var rested: [JournalEntry] = []

    /// Opens or creates the journal and reads it; addresses of what is gone are remembered for `rest` nanoseconds.
    init(path: String, rest: UInt64 = 0, now: UInt64 = 0) throws(SystemError) {
        self.path = path
        self.rest = rest
        let bytes = FileSystem.fileExists(path) ? try FileSystem.readFile(path) : []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            lines += 1
            guard let entry = JournalEntry(line: line) else { continue }
            Self.apply(entry, to: &live, resting: &resting)
        }
        resting.removeAll { $0.time + rest <= now || $0.time > now }
        rested = Array(resting)
        recovered = live.values.sorted { $0.attachment.key.description < $1.attachment.key.description }
        file = try Self.replace(path, with: recovered, resting: resting)
        lines = recovered.count + resting.count
    }

    /// The attachments in ``rested``, once.
    func takeRested() -> [JournalEntry] {
        defer { rested = [] }
        return rested
    }

    /// Appends entries with one write.
    func append(_ entries: [JournalEntry]) throws(SystemError) {
        guard !entries.isEmpty else { return }
        var bytes: [UInt8] = []
        for entry in entries {
            bytes += entry.line
            Self.apply(entry, to: &live, resting: &resting)
            while let first = resting.first, first.time + rest <= entry.time { resting.removeFirst() }
        }
        try file.writeAll(bytes)
        lines += entries.count
        let needed = live.count + 2 * resting.count
        if lines > 256, lines > 4 * needed {
            file = try Self.replace(path, with: Array(live.values), resting: resting)
            lines = needed
        }
    }

    private static func apply(
        _ entry: JournalEntry, to live: inout [AttachmentKey: JournalEntry], resting: inout Deque<JournalEntry>
    ) {
        switch entry.stage {
        case .intent, .live: live[entry.attachment.key] = entry
        case .leaving:
            // The entry itself carries no more than the key; what it leaves behind is known from before.
            var known = live[entry.attachment.key] ?? entry
            known.stage = .leaving
            live[entry.attachment.key] = known
        case .gone:
            guard var known = live.removeValue(forKey: entry.attachment.key) else { return }
            known.stage = .gone
            known.time = entry.time
            if entry.time > 0 { resting.append(known) }
        }
    }

    /// Writes the file anew and opens it for appending.
    private static func replace(
        _ path: String, with entries: [JournalEntry], resting: Deque<JournalEntry>
    ) throws(SystemError) -> FileDescriptor {
        var bytes: [UInt8] = []
        for entry in resting { bytes += JournalEntry(.live, entry.attachment).line + entry.line }
        for entry in entries {
            // A leaving entry needs what it had before, so its earlier life is written first.
            if entry.stage == .leaving { bytes += JournalEntry(.live, entry.attachment).line }
            bytes += entry.line
        }
        try FileSystem.atomicWrite(path, bytes, mode: 0o600)
        return try FileDescriptor.open(path, [.writeOnly, .append])
    }
}
