import Synchronization

/// What operators should know of, the latest few hundred.
final class EventLog: Sendable {
    /// The sorts of events.
    enum Kind: String, CaseIterable, Sendable, Codable {
        /// A host got blocks of another group than its own.
        case spill
        /// A group has fewer free blocks than a host asked for.
        case groupFull = "group-full"
        /// A host takes its new blocks from another group.
        case hostMoved = "host-moved"
        /// A host was removed.
        case hostRemoved = "host-removed"
        /// The topology was replaced.
        case topology
        /// A part of a network was blacked out, or is no longer.
        case blackout
    }

    /// One event.
    struct Event: Sendable, Codable {
        /// Counts the events of this daemon, from 1.
        var number: UInt64
        /// When it was, in seconds since 1970.
        var time: Int64
        /// The sort.
        var kind: Kind
        /// The name of the host, group or network it is about.
        var subject: String
        /// A sentence.
        var message: String
        /// How often the same was seen in a row.
        var count: Int
    }

    private struct Storage {
        var events: [Event] = []
        var last: UInt64 = 0
    }

    private let storage = Mutex(Storage())
    private let clock: @Sendable () -> Int64

    /// How many events are kept.
    static let most = 512

    /// Has seen nothing yet; `clock` tells the time in seconds since 1970.
    init(clock: @escaping @Sendable () -> Int64 = WallClock.seconds) {
        self.clock = clock
    }

    /// Adds an event; one that says the same as the last is counted there.
    func add(_ kind: Kind, _ message: String, about subject: String) {
        let time = clock()
        storage.withLock { storage in
            if let last = storage.events.indices.last, storage.events[last].message == message {
                storage.events[last].count += 1
                storage.events[last].time = time
                return
            }
            storage.last += 1
            storage.events.append(
                Event(number: storage.last, time: time, kind: kind, subject: subject, message: message, count: 1))
            if storage.events.count > Self.most { storage.events.removeFirst(storage.events.count - Self.most) }
        }
    }

    /// The events after a number, the oldest first.
    func events(after number: UInt64 = 0) -> [Event] {
        storage.withLock { $0.events.filter { $0.number > number } }
    }
}
