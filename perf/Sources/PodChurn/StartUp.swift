import CFloor

/// What it takes to start a plugin at all: VERSION answered, beside a static program that does nothing.
struct StartUp {
    struct Program {
        let name: String
        let path: String
        /// Whether it is one that answers; the one that does nothing is the measure of the others.
        let answers: Bool
    }

    let programs: [Program]
    let log: Int32

    /// Runs every program so many times, in turns of 32.
    ///
    /// - Returns: one series for each program, in order.
    func run(times: Int) throws -> [Series] {
        let calls = programs.map {
            Invocation(
                $0.path, environment: ["PATH=/usr/bin:/bin", "CNI_COMMAND=VERSION"],
                input: Array(#"{"cniVersion":"1.0.0"}"#.utf8), log: log)
        }
        var all = Array(repeating: Series(), count: programs.count)
        for turn in 0...(times / 32) {
            for (index, program) in programs.enumerated() {
                let start = floor_now()
                let outcomes = try (0..<32).map { _ in try calls[index].run("\(program.name) VERSION") }
                let wall = floor_now() - start
                if program.answers, outcomes.contains(where: { $0.output.first != UInt8(ascii: "{") }) {
                    throw BenchFailure("\(program.name) VERSION gave no answer")
                }
                // The first turn warms the page cache.
                if turn > 0 { all[index].add(outcomes.map(\.span), wall: wall) }
            }
        }
        return all
    }
}

/// The driver's own processor time for a spawn: what it adds to every subject alike.
struct DriverOverhead {
    let nothing: String
    let log: Int32

    /// In microseconds of the driver's own processor time, per program run.
    func measure(times: Int) throws -> Double {
        let call = Invocation(nothing, environment: ["CNI_COMMAND=ADD"], input: Array("{}".utf8), log: log)
        let before = Self.ownTime()
        for _ in 0..<times { _ = try call.run("the program that does nothing") }
        return Double(Self.ownTime() - before) / Double(times) / 1000
    }

    private static func ownTime() -> UInt64 {
        var user: UInt64 = 0
        var system: UInt64 = 0
        floor_processor_time(0, &user, &system)
        return user + system
    }
}
