/// The one shape of every error answer.
struct ErrorBody: Codable, Sendable {
    /// The HTTP status again.
    var statusCode: Int
    /// The sentence.
    var details: String
    /// The noun of the thing it is about, empty when there is none.
    var resourceType: String
    /// The name of the thing it is about, empty when there is none.
    var resourceID: String
    /// Everything that is wrong, where `details` sums several things up; left out otherwise.
    var problems: [Problem]?

    enum CodingKeys: String, CodingKey {
        case statusCode = "status_code"
        case details, problems
        case resourceType = "resource_type"
        case resourceID = "resource_id"
    }

    init(_ error: DaemonError) {
        statusCode = error.statusCode
        details = error.details
        resourceType = error.resourceType
        resourceID = error.resourceID
        problems = error.problems.isEmpty ? nil : error.problems
    }
}
