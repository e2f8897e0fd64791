import CFloor
import Glibc

/// The measurement: blocks of attachments, the subjects taking turns, so that whatever drifts hits them all alike.
struct Churn {
    /// How a run is cut up.
    struct Plan {
        /// For each subject at each concurrency.
        let attachments: Int
        let concurrencies: [Int]

        /// Attachments at a time: enough to keep all threads busy, few enough to change subjects often.
        func blockSize(_ concurrency: Int) -> Int {
            min(attachments, concurrency == 1 ? 64 : max(128, 4 * concurrency))
        }
        func blocks(_ concurrency: Int) -> Int { max(1, attachments / blockSize(concurrency)) }
        var sandboxes: Int { concurrencies.map(blockSize).max() ?? 0 }
    }

    /// Between measurements, for what the kernel puts off: microseconds.
    private static let pause: UInt32 = 30_000

    let subjects: [any Subject]
    let sandboxes: [Sandbox]
    private var serial: UInt32 = 1
    private(set) var series: [Row.Key: Series] = [:]

    init(subjects: [any Subject], sandboxes: [Sandbox]) {
        self.subjects = subjects
        self.sandboxes = sandboxes
    }

    /// Measures everything.
    ///
    /// - Parameter progress: is told what is being done.
    mutating func run(_ plan: Plan, progress: (String) -> Void) throws {
        progress("warm-up")
        for subject in subjects {
            let pods = try add(subject, sandboxes.count, threads: 4)
            try delete(subject, pods, threads: 4)
        }
        series = [:]
        for concurrency in plan.concurrencies {
            let size = plan.blockSize(concurrency)
            let blocks = plan.blocks(concurrency)
            for block in 0..<blocks {
                progress("concurrency \(concurrency), block \(block + 1) of \(blocks)")
                for turn in 0..<subjects.count {
                    let subject = subjects[(block + turn) % subjects.count]
                    let pods = try add(subject, size, threads: concurrency)
                    usleep(Self.pause)
                    try delete(subject, pods, threads: concurrency)
                    usleep(Self.pause)
                }
            }
        }
    }

    private mutating func add(_ subject: any Subject, _ count: Int, threads: Int) throws -> [Attached] {
        let attachments = sandboxes.prefix(count).map { sandbox in
            defer { serial += 1 }
            return Attachment(serial: serial, sandbox: sandbox)
        }
        let outcomes = try Workers.run(subject.adding(attachments), threads: threads, in: subject.node)
        let pods = try zip(attachments, outcomes).map { try subject.attached($0, $1) }
        try check(pods, of: subject)
        record(subject, .add, threads, outcomes.map(\.span), until: 0)
        return pods
    }

    private func check(_ pods: [Attached], of subject: any Subject) throws {
        var owners: [String: String] = [:]
        for pod in pods {
            if let other = owners.updateValue(pod.attachment.containerID, forKey: pod.address) {
                throw BenchFailure(
                    "\(subject.name) gave \(pod.address) to \(other) and to \(pod.attachment.containerID)")
            }
        }
    }

    /// Deletes the pods and stays until their links are really gone: that is part of the work, whoever does it.
    private mutating func delete(_ subject: any Subject, _ pods: [Attached], threads: Int) throws {
        let before = try subject.node.linkCount()
        var indexes = Dictionary(uniqueKeysWithValues: pods.enumerated().map { ($1.link, $0) })
        var gone = [UInt64](repeating: 0, count: pods.count)
        try subject.node.forgetDepartures()
        let job = try subject.deleting(pods)
        let outcomes = try Workers.run(job, threads: threads, in: subject.node) {
            let deadline = floor_now() + 120_000_000_000
            while !indexes.isEmpty {
                if let (link, time) = try subject.node.nextDeparture(milliseconds: 200) {
                    if let index = indexes.removeValue(forKey: link) { gone[index] = time }
                } else if floor_now() > deadline {
                    throw BenchFailure("\(subject.name) DEL: \(indexes.count) links are still there after two minutes")
                }
            }
        }
        let after = try subject.node.linkCount()
        if after != before - pods.count {
            throw BenchFailure("\(subject.name) DEL: \(before) links before, \(after) after \(pods.count) deletions")
        }
        let spans = outcomes.map(\.span)
        let last = gone.max() ?? 0
        record(subject, .delete, threads, spans, until: last)
        record(
            subject, .reap, threads, zip(spans, gone).map { Span(started: $0.started, ended: max($0.started, $1)) },
            until: last)
    }

    private mutating func record(
        _ subject: any Subject, _ verb: Verb, _ concurrency: Int, _ spans: [Span], until end: UInt64
    ) {
        let start = spans.map(\.started).min() ?? 0
        let end = max(end, spans.map(\.ended).max() ?? 0)
        series[Row.Key(subject: subject.name, verb: verb, concurrency: concurrency), default: Series()]
            .add(spans, wall: end - start)
    }

    /// Ordered by verb, concurrency and subject.
    var rows: [Row] {
        let order = Dictionary(uniqueKeysWithValues: subjects.enumerated().map { ($1.name, $0) })
        let verbs = Dictionary(uniqueKeysWithValues: Verb.allCases.enumerated().map { ($1, $0) })
        return series.keys
            .sorted {
                (verbs[$0.verb] ?? 0, $0.concurrency, order[$0.subject] ?? 0)
                    < (verbs[$1.verb] ?? 0, $1.concurrency, order[$1.subject] ?? 0)
            }
            .compactMap { key in series[key].map { Row(key, $0) } }
    }
}
