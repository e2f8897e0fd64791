extension HTTPResponseHead {
    /// When the server says that it answers, in seconds since 1970; nil if it does not say so in the usual form.
    public var date: Int64? { self[header: "Date"].flatMap(Self.seconds(ofDate:)) }

    /// Seconds since 1970 of `Sat, 21 Nov 2026 08:14:04 GMT` (RFC 9110 section 5.6.7); nil for another form.
    static func seconds(ofDate text: String) -> Int64? {
        let words = text.split { $0 == " " || $0 == "," || $0 == ":" }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 8, words[7] == "GMT", let month = months.firstIndex(of: String(words[2])).map({ $0 + 1 }),
            let day = number(words[1], 1...31), let year = number(words[3], 1970...9999),
            let hour = number(words[4], 0...23), let minute = number(words[5], 0...59),
            let second = number(words[6], 0...60)
        else { return nil }
        // Days since 1970 in the proleptic Gregorian calendar, years from March on.
        let from = month <= 2 ? year - 1 : year
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = 365 * from + from / 4 - from / 100 + from / 400 + ofYear - 719_468
        return Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
        Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
}

extension HTTPResponse {
    /// When the server says that it answers, in seconds since 1970; nil if it does not say so in the usual form.
    public var date: Int64? { head.date }
}
