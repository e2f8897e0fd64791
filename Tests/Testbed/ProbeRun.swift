/// Many probes that are under way at the same time.
final class ProbeRun {
    let number: UInt64
    let probes: [Probe]
    /// What the tags of its associations begin with.
    let tag = UInt32.random(in: 1..<1 << 31)
    /// When what is not decided was silent; begins to count when everything has been sent.
    var deadline = ContinuousClock.now
    /// Its sockets, by their tokens.
    var tokens: [UInt64] = []
    private(set) var outcomes: [ProbeOutcome?]
    private var pending: Int
    private let completion: @Sendable ([ProbeOutcome]) -> Void

    init(
        number: UInt64, _ probes: [Probe], completion: @escaping @Sendable ([ProbeOutcome]) -> Void
    ) {
        self.number = number
        self.probes = probes
        self.completion = completion
        outcomes = .init(repeating: nil, count: probes.count)
        pending = probes.count
    }

    /// Whether nothing is waited for any more.
    var isDecided: Bool { pending == 0 }

    /// The first outcome of a probe counts.
    func decide(_ index: Int, _ outcome: ProbeOutcome) {
        guard outcomes.indices.contains(index), outcomes[index] == nil else { return }
        outcomes[index] = outcome
        pending -= 1
    }

    /// Tells who waits for it; what is not decided was silent.
    func complete() { completion(outcomes.map { $0 ?? .silent }) }

    // MARK: - What is written in datagrams

    /// Begins every datagram of ours.
    private static let mark = Array("romana probe".utf8)

    /// What the probe of an index sends.
    func question(_ index: Int) -> [UInt8] {
        Self.mark + Self.octets(number) + Self.octets(UInt64(index))
    }

    /// Which probe an echo answers, and who wrote its name behind it.
    func answer(in bytes: some Collection<UInt8>) -> (index: Int, site: String?)? {
        let own = Self.mark + Self.octets(number)
        guard bytes.starts(with: own), bytes.count >= own.count + 8 else { return nil }
        let rest = bytes.dropFirst(own.count)
        let index = rest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let site = String(decoding: rest.dropFirst(8), as: UTF8.self)
        return (Int(truncatingIfNeeded: index), site.isEmpty ? nil : site)
    }

    private static func octets(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}
