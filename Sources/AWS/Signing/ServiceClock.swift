import LinuxSystem
import Logging
import Synchronization

/// The time as AWS has it: that of the machine, until AWS refuses a request for it and says what time it is.
final class ServiceClock: Sendable {
    /// How many seconds clocks may differ; AWS takes what was signed up to 300 s ago.
    static let tolerance: Int64 = 240

    private let machine: @Sendable () -> Int64
    private let logger: Logger
    private let correction = Mutex<Int64>(0)

    /// A clock that agrees with the machine's, which is given in seconds since 1970.
    init(machine: @escaping @Sendable () -> Int64 = { Clock.wallSeconds() }, logger: Logger) {
        self.machine = machine
        self.logger = logger
    }

    /// Seconds that AWS's clock is known to be ahead of the machine's; 0 as long as AWS takes its time.
    var offset: Int64 { correction.withLock { $0 } }

    /// Seconds since 1970, as AWS counts them.
    var seconds: Int64 { machine() + offset }

    /// Takes in what time AWS says it is, in seconds since 1970, having refused a request for its time.
    func learn(_ said: Int64) {
        let (own, learnt) = correction.withLock { correction -> (own: Int64, learnt: Int64?) in
            let own = machine()
            guard abs(said - own - correction) > Self.tolerance else { return (own, nil) }
            // Whatever is small may be the way of the answer: the machine's clock is right then.
            correction = abs(said - own) > Self.tolerance ? said - own : 0
            return (own, correction)
        }
        switch learnt {
        case nil: return
        case 0: logger.notice("the clock of this machine is right again: requests to AWS are signed with its time")
        default:
            let difference = "\(Self.words(said - own)) \(said > own ? "behind" : "ahead of")"
            logger.warning(
                """
                the clock of this machine is \(difference) that of AWS, which refuses requests for it: they are signed with \
                AWS's time; set the machine's clock right
                """)
        }
    }

    /// A difference as people say it: `7 h 12 min`.
    static func words(_ seconds: Int64) -> String {
        let minutes = (abs(seconds) + 30) / 60
        if minutes < 60 { return "\(minutes) min" }
        return minutes < 48 * 60 ? "\(minutes / 60) h \(minutes % 60) min" : "\(minutes / (24 * 60)) days"
    }
}

extension AWSError {
    /// Whether AWS may have refused a request because of the time that it was signed with.
    var mayBlameClock: Bool {
        switch name {
        case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "AuthFailure", "SignatureDoesNotMatch",
            "InvalidSignatureException":
            true
        default: false
        }
    }
}
