/// A value and the store's revision that wrote it.
struct Known<Value: Sendable>: Sendable {
    /// The value.
    var value: Value
    /// The revision that last changed its key.
    var modRevision: Int64
}

extension Known: Equatable where Value: Equatable {}
