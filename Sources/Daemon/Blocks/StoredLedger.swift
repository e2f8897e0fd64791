/// A list of grants as the store holds it, read when it is needed: of most hosts it never is.
struct StoredLedger: Sendable {
    private let bytes: [UInt8]
    private let known: GrantLedger?

    /// One that was just written.
    init(_ ledger: GrantLedger) {
        known = ledger
        bytes = []
    }

    /// One as it came from the store.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        known = nil
    }

    /// The list; empty when it cannot be read, so that the host can be granted blocks.
    var ledger: GrantLedger {
        known ?? (try? JSONBody.value(GrantLedger.self, from: bytes, what: "a list of grants")) ?? GrantLedger()
    }
}
