/// What proves to AWS who we are; its secrets are in no description.
struct AWSCredentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var accessKeyID: String
    var secretAccessKey: String
    /// Goes with keys that are lent for a while.
    var sessionToken: String?
    /// When they end, in seconds since 1970; nil for never.
    var expiration: Int64?

    var description: String { "credentials of \(accessKeyID)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}
