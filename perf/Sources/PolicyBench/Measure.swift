/// One result, and one object of policy.json.
struct Measure: Codable, Sendable {
    /// What was done, such as `cold start`.
    let topic: String
    /// Who did it: `romana`, or what it is held against.
    let subject: String
    /// How many members, profiles or policies there were.
    let size: Int
    let value: Double
    let unit: String

    enum CodingKeys: String, CodingKey {
        case topic = "case"
        case subject, size, value, unit
    }

    init(_ topic: String, _ subject: String, _ size: Int, _ value: Double, _ unit: String) {
        self.topic = topic
        self.subject = subject
        self.size = size
        self.value = (value * 1000).rounded() / 1000
        self.unit = unit
    }
}
