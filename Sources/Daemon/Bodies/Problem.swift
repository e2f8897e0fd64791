/// One of several things that are wrong with a request, or against it.
struct Problem: Codable, Sendable, Hashable {
    /// What is at fault: a path into the body, or the thing in the cluster that is in the way.
    var field: String
    /// What is wrong with it, as the end of a sentence.
    var problem: String
}
