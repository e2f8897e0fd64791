import Logging
import Synchronization
import Testing

@testable import AWS

@Suite("What time it is")
struct ServiceClockTests {
    private static let hour: Int64 = 3600

    private final class Machine: Sendable {
        let time = Mutex<Int64>(1_000_000)
    }

    private let machine = Machine()

    private var clock: ServiceClock {
        ServiceClock(machine: { [machine] in machine.time.withLock { $0 } }, logger: Logger(label: "test"))
    }

    @Test(
        "AWS's word counts where clocks differ by minutes",
        arguments: [
            (0, 0), (240, 0), (-240, 0), (241, 241), (-301, -301), (7 * hour, 7 * hour),
            (-20_000 * hour, -20_000 * hour),
        ] as [(Int64, Int64)])
    func difference(_ difference: Int64, offset: Int64) {
        let clock = clock
        clock.learn(1_000_000 + difference)
        #expect(clock.offset == offset && clock.seconds == 1_000_000 + offset)
    }

    @Test("A clock that is set right is believed again")
    func setRight() {
        let clock = clock
        clock.learn(1_000_000 + 7 * Self.hour)
        machine.time.withLock { $0 += 7 * Self.hour }
        clock.learn(1_000_000 + 7 * Self.hour + 3)
        #expect(clock.offset == 0)
    }

    @Test("What is learnt lasts, and small differences from it change nothing")
    func lasting() {
        let clock = clock
        clock.learn(1_000_000 - 2 * Self.hour)
        machine.time.withLock { $0 += 100 }
        clock.learn(1_000_000 - 2 * Self.hour)
        #expect(clock.offset == -2 * Self.hour)
    }

    @Test(
        "A difference is told as people say it",
        arguments: [(301, "5 min"), (-7 * hour - 720, "7 h 12 min"), (100 * hour, "4 days")] as [(Int64, String)])
    func words(_ seconds: Int64, text: String) {
        #expect(ServiceClock.words(seconds) == text)
    }
}
