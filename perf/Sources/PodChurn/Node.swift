import CFloor
import Glibc

/// A network namespace that plays the host for one subject, so that no subject sees what another left behind.
struct Node: Sendable {
    let descriptor: Int32
    private let home: Int32
    private let departures: Int32

    /// Makes the namespace under `directory`, with loopback up.
    init(_ name: String, in directory: String) throws {
        descriptor = try Self.makeNamespace(directory + "/" + name)
        home = floor_namespace_current()
        if home < 0 { throw BenchFailure("open this thread's network namespace", errno: -home) }
        departures = try Self.perform(in: descriptor, home: home) {
            try BenchFailure.check("set lo up in \(name)", floor_loopback_up())
            let descriptor = floor_links_watch()
            if descriptor < 0 { throw BenchFailure("watch the links of \(name)", errno: -descriptor) }
            return descriptor
        }
    }

    /// Makes a namespace and opens it.
    static func makeNamespace(_ path: String) throws -> Int32 {
        try BenchFailure.check("make network namespace \(path)", floor_namespace_create(path))
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw BenchFailure("open \(path)", errno: errno) }
        return descriptor
    }

    /// Moves this thread into the node's namespace for good.
    func enter() throws {
        try BenchFailure.check("enter a network namespace", floor_namespace_enter(descriptor))
    }

    /// Runs `body` on this thread inside the node's namespace, and comes back.
    func perform<Value>(_ body: () throws -> Value) throws -> Value {
        try Self.perform(in: descriptor, home: home, body)
    }

    private static func perform<Value>(in node: Int32, home: Int32, _ body: () throws -> Value) throws -> Value {
        try BenchFailure.check("enter a network namespace", floor_namespace_enter(node))
        let outcome = Result { try body() }
        try BenchFailure.check("leave a network namespace", floor_namespace_enter(home))
        return try outcome.get()
    }

    /// How many links there are besides loopback.
    func linkCount() throws -> Int {
        let count = try perform { floor_links_count() }
        if count < 0 { throw BenchFailure("list links", errno: -count) }
        return Int(count)
    }

    /// Forgets the departures seen so far.
    func forgetDepartures() throws {
        while try nextDeparture(milliseconds: 0) != nil {}
    }

    /// Waits for the next link to be gone from the kernel.
    func nextDeparture(milliseconds: Int32) throws -> (link: String, time: UInt64)? {
        var time: UInt64 = 0
        var name = [CChar](repeating: 0, count: 16)
        let found = floor_links_next(departures, milliseconds, &name, &time)
        if found < 0 { throw BenchFailure("hear of links that went", errno: -found) }
        let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return found == 0 ? nil : (text, time)
    }
}
