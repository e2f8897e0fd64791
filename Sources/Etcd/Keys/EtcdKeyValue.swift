/// One key as etcd holds it.
public struct EtcdKeyValue: Sendable, Hashable {
    /// The key; bytes that are not UTF-8 are shown as replacement characters.
    public var key: String
    /// The value, up to about 1.5 MiB with etcd's defaults.
    public var value: [UInt8]
    /// The revision at which the key was made (anew).
    public var createRevision: Int64
    /// The revision of its last change.
    public var modRevision: Int64
    /// How often it was written since it was made, from 1.
    public var version: Int64
    /// The lease that keeps it, 0 for none.
    public var lease: Int64

    /// A key as etcd would hold it; tests need no more than a key and a value.
    public init(
        key: String,
        value: [UInt8],
        createRevision: Int64 = 0,
        modRevision: Int64 = 0,
        version: Int64 = 0,
        lease: Int64 = 0
    ) {
        self.key = key
        self.value = value
        self.createRevision = createRevision
        self.modRevision = modRevision
        self.version = version
        self.lease = lease
    }

    init(_ message: Mvccpb_KeyValue) {
        self.init(
            key: String(decoding: message.key, as: UTF8.self),
            value: [UInt8](message.value),
            createRevision: message.createRevision,
            modRevision: message.modRevision,
            version: message.version,
            lease: message.lease)
    }
}
