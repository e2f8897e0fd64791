internal import FoundationEssentials

extension EtcdTransaction {
    var message: Etcdserverpb_TxnRequest {
        var message = Etcdserverpb_TxnRequest()
        message.compare = conditions.map(\.message)
        message.success = then.map(\.message)
        message.failure = otherwise.map(\.message)
        return message
    }
}

extension EtcdTransaction.Condition {
    var message: Etcdserverpb_Compare {
        var compare = Etcdserverpb_Compare()
        compare.result = .equal
        switch self {
        case .exists(let key):
            compare.key = Data(key.utf8)
            compare.target = .version
            compare.result = .greater
            compare.version = 0
        case .missing(let key):
            compare.key = Data(key.utf8)
            compare.target = .version
            compare.version = 0
        case .modRevision(let key, let revision):
            compare.key = Data(key.utf8)
            compare.target = .mod
            compare.modRevision = revision
        case .createRevision(let key, let revision):
            compare.key = Data(key.utf8)
            compare.target = .create
            compare.createRevision = revision
        case .value(let key, let value):
            compare.key = Data(key.utf8)
            compare.target = .value
            compare.value = Data(value)
        case .prefixUnchangedSince(let prefix, let revision):
            (compare.key, compare.rangeEnd) = EtcdRange.prefix(prefix).bounds
            compare.target = .mod
            compare.result = .less
            // etcd has no "at most"; every key of the range must be older than the next revision.
            compare.modRevision = revision == .max ? .max : revision + 1
        }
        return compare
    }
}

extension EtcdTransaction.Operation {
    var message: Etcdserverpb_RequestOp {
        var operation = Etcdserverpb_RequestOp()
        switch self {
        case .put(let key, let value, let lease):
            operation.requestPut.key = Data(key.utf8)
            operation.requestPut.value = Data(value)
            operation.requestPut.lease = lease
        case .delete(let key):
            operation.requestDeleteRange.key = Data(key.utf8)
        case .deletePrefix(let prefix):
            let (first, end) = EtcdRange.prefix(prefix).bounds
            operation.requestDeleteRange.key = first
            operation.requestDeleteRange.rangeEnd = end
        case .get(let key):
            operation.requestRange.key = Data(key.utf8)
        case .list(let prefix):
            let (first, end) = EtcdRange.prefix(prefix).bounds
            operation.requestRange.key = first
            operation.requestRange.rangeEnd = end
        }
        return operation
    }
}

extension EtcdTransaction.Outcome {
    init(_ message: Etcdserverpb_TxnResponse) {
        self.init(
            succeeded: message.succeeded,
            revision: message.header.revision,
            responses: message.responses.map(EtcdTransaction.Response.init))
    }
}

extension EtcdTransaction.Response {
    init(_ message: Etcdserverpb_ResponseOp) {
        switch message.response {
        case .responseRange(let range): self = .keyValues(range.kvs.map(EtcdKeyValue.init))
        case .responseDeleteRange(let deletion): self = .deleted(deletion.deleted)
        case .responsePut, nil: self = .put
        }
    }
}

extension EtcdTransaction.Operation {
    /// What the operation is about, for messages.
    var key: String {
        switch self {
        case .put(let key, _, _), .delete(let key), .get(let key): key
        case .deletePrefix(let prefix), .list(let prefix): EtcdRange.prefix(prefix).description
        }
    }
}
