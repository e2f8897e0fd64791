import FoundationEssentials

/// A moment as AWS writes it, in UTC.
struct RequestTime: Hashable, Sendable {
    /// Seconds since 1970.
    let seconds: Int64

    /// `20150830T123600Z`.
    var text: String { formatted(.init(dateSeparator: .omitted, timeSeparator: .omitted)) }
    /// `20150830`.
    var day: String { String(text.prefix(8)) }

    init(seconds: Int64) { self.seconds = seconds }

    /// Reads `2015-08-30T12:36:00Z`, whose seconds may have a fraction.
    init?(_ text: String) {
        let fraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: fraction)) else {
            return nil
        }
        // Years of five digits and more are not what a clock of ours will see.
        guard (-62_135_596_800...253_402_300_799).contains(date.timeIntervalSince1970) else { return nil }
        seconds = Int64(date.timeIntervalSince1970)
    }

    private func formatted(_ style: Date.ISO8601FormatStyle) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(style)
    }
}
