/// Times of day as people read them, whatever zone the machine is in.
enum UTCTime {
    /// `2026-11-21 08:14:04` for seconds since 1970.
    static func text(_ seconds: Int) -> String {
        let (days, rest) = seconds.quotientFlooring(by: 86_400)
        // Years from March on, so that the day of a leap year is the last; eras of 400 years repeat (proleptic Gregorian).
        let (era, day) = (days + 719_468).quotientFlooring(by: 146_097)
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let civilYear = era * 400 + year + (month <= 2 ? 1 : 0)
        let time = [rest / 3600, rest / 60 % 60, rest % 60].map(twoDigits).joined(separator: ":")
        return "\(civilYear)-\(twoDigits(month))-\(twoDigits(dayOfMonth)) \(time)"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Int {
    /// The quotient rounded down, and what is left, which is never negative.
    fileprivate func quotientFlooring(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
