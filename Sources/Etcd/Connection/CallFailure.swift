internal import GRPCCore

/// How a call went wrong, as gRPC or etcd told it.
struct CallFailure: Error {
    let status: RPCError.Code
    let message: String
    /// Whether etcd may have seen the request.
    let wasSent: Bool

    init(status: RPCError.Code, message: String, wasSent: Bool) {
        self.status = status
        self.message = message
        self.wasSent = wasSent
    }

    init(_ error: any Error, wasSent: Bool, trouble: String?) {
        switch error {
        case let error as RPCError:
            // What etcd itself said stands alone; of a broken connection the channel knows more than gRPC.
            let detail = error.message.hasPrefix("etcdserver") ? nil : trouble ?? error.cause.map { "\($0)" }
            self.init(
                status: error.code, message: detail.map { "\(error.message): \($0)" } ?? error.message,
                wasSent: wasSent)
        case is StaleToken:
            self.init(status: .unauthenticated, message: "etcd wants another token", wasSent: wasSent)
        case is CancellationError:
            self.init(status: .cancelled, message: "the task was cancelled", wasSent: wasSent)
        case let error as RuntimeError:
            self.init(status: .unavailable, message: error.message, wasSent: wasSent)
        default:
            self.init(status: .unavailable, message: trouble ?? "\(error)", wasSent: wasSent)
        }
    }

    /// etcd has no use for the token of the request: it expired, or users or roles have changed since.
    ///
    /// Nothing was done then, so the call can be made again.
    var needsNewToken: Bool {
        status == .unauthenticated || message.hasSuffix("invalid auth token")
            || message.hasSuffix("revision of auth store is old") || message.hasSuffix("user name is empty")
    }

    /// The member cannot serve anyone for now, and refused before it did anything; another may.
    var isRefusal: Bool {
        status == .unavailable
            && (message.hasSuffix("etcdserver: no leader") || message.hasSuffix("rpc not supported for learner")
                || message.hasSuffix("etcdserver: not capable"))
    }

    /// Something between us and etcd, or in it, that may pass; a stream that breaks is told in many ways.
    var isPassing: Bool {
        switch status {
        case .unavailable, .cancelled: true
        case .unknown, .internalError: !message.hasPrefix("etcdserver") && !isLate
        case .resourceExhausted: message.hasSuffix("etcdserver: too many requests")
        default: false
        }
    }

    /// The deadline passed, here or (a little earlier by its clock) at the member.
    var isLate: Bool { status == .deadlineExceeded || message.hasSuffix("context deadline exceeded") }

    /// etcd answered, if only to refuse.
    var isAnswer: Bool { !isPassing && !isLate }
}

extension EtcdError {
    init(_ failure: CallFailure, _ operation: String, _ key: String, at endpoint: Endpoint) {
        self.init(
            code: Code(failure), operation: operation, key: key, message: failure.message,
            endpoint: endpoint.description)
    }
}

extension EtcdError.Code {
    /// The texts are those of etcd's rpctypes/error.go.
    init(_ failure: CallFailure) {
        let message = failure.message
        if failure.needsNewToken || message.hasSuffix("invalid user ID or password") {
            self = .authentication
            return
        }
        if failure.isPassing {
            self = .unavailable
            return
        }
        if failure.isLate {
            self = .deadlineExceeded
            return
        }
        switch failure.status {
        case .permissionDenied, .unauthenticated: self = .authentication
        case .notFound where message.hasSuffix("lease not found"): self = .leaseNotFound
        case .outOfRange where message.hasSuffix("has been compacted"): self = .compacted(0)
        case .resourceExhausted where message.contains("larger than max"): self = .invalid
        case .invalidArgument, .outOfRange, .failedPrecondition, .notFound, .unimplemented: self = .invalid
        default: self = .other
        }
    }
}
