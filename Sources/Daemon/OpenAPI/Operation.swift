/// What one method of one path does, for people and for the OpenAPI document.
struct Operation: Sendable {
    /// Its name, unique among all.
    var id: String
    /// A sentence.
    var summary: String
    /// Query parameters.
    var query: [QueryParameter] = []
    /// The shape of the body that it reads; nil when it reads none.
    var body: Schema?
    /// The shape of its answer.
    var answer = Schema.null
    /// Whether the answer is text and not JSON.
    var isText = false
    /// Whether it is text for those who take that only.
    var isTextToo = false
    /// The statuses of refusals beside those that follow from the rest.
    var refusals: [Int] = []
    /// Whether it is answered without a token.
    var isOpen = false
    /// What can be done with what it made.
    var links: [Link] = []

    /// How an exchange of one operation gives the parameters of another.
    struct Link: Sendable {
        /// The other operation.
        var operation: String
        /// Its parameters by name, as runtime expressions of OpenAPI.
        var parameters: [String: String] = [:]
        /// Its body's members, alike.
        var body: [String: String] = [:]
    }

    /// A query parameter.
    struct QueryParameter: Sendable {
        var name: String
        var schema: Schema
        var meaning: String
        var isRequired = false
    }

    /// Every status that it can end with, for a path with or without parameters.
    func statuses(hasPathParameters: Bool) -> [Int] {
        var statuses: Set<Int> = [200, 503]
        statuses.formUnion(refusals)
        if !isText { statuses.insert(406) }
        if hasPathParameters { statuses.formUnion([400, 404]) }
        if !query.isEmpty { statuses.insert(400) }
        if body != nil { statuses.formUnion([400, 408, 413, 415]) }
        if !isOpen { statuses.insert(401) }
        return statuses.sorted()
    }
}

extension Operation.QueryParameter {
    /// `force`, for what is otherwise refused.
    static let force = Self(name: "force", schema: .boolean, meaning: "Do it although the agent of the host is alive.")
    /// `dryRun`, for the effect of what is not done.
    static let dryRun = Self(name: "dryRun", schema: .boolean, meaning: "Only tell what it would mean.")
    /// `after`, for what is new.
    static let after = Self(name: "after", schema: .count, meaning: "Only events with a higher number.")
}
