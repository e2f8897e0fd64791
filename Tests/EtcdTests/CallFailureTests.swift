import GRPCCore
import Testing

@testable import Etcd

@Suite struct CallFailureTests {
    /// What etcd answers (rpctypes/error.go), and what we make of it.
    static let answers: [(RPCError.Code, String, EtcdError.Code)] = [
        (.unavailable, "etcdserver: no leader", .unavailable),
        (.unavailable, "etcdserver: request timed out", .unavailable),
        (.resourceExhausted, "etcdserver: too many requests", .unavailable),
        (.cancelled, "stream reset", .unavailable),
        (.unknown, "the stream broke", .unavailable),
        (.internalError, "invalid stream", .unavailable),
        (.deadlineExceeded, "RPC timed out before completing", .deadlineExceeded),
        (.unknown, "context deadline exceeded", .deadlineExceeded),
        (.outOfRange, "etcdserver: mvcc: required revision has been compacted", .compacted(0)),
        (.outOfRange, "etcdserver: mvcc: required revision is a future revision", .invalid),
        (.notFound, "etcdserver: requested lease not found", .leaseNotFound),
        (.invalidArgument, "etcdserver: authentication failed, invalid user ID or password", .authentication),
        (.invalidArgument, "etcdserver: user name is empty", .authentication),
        (.invalidArgument, "etcdserver: revision of auth store is old", .authentication),
        (.unauthenticated, "etcdserver: invalid auth token", .authentication),
        (.permissionDenied, "etcdserver: permission denied", .authentication),
        (.invalidArgument, "etcdserver: duplicate key given in txn request", .invalid),
        (.resourceExhausted, "grpc: received message larger than max (3 vs. 2)", .invalid),
        (.resourceExhausted, "etcdserver: mvcc: database space exceeded", .other),
        (.dataLoss, "etcdserver: corrupt cluster", .other),
        (.unknown, "etcdserver: something new", .other),
    ]

    @Test(arguments: answers)
    func answersHaveAMeaning(status: RPCError.Code, message: String, code: EtcdError.Code) {
        let failure = CallFailure(RPCError(code: status, message: message), wasSent: true, trouble: nil)
        #expect(EtcdError.Code(failure) == code)
        #expect(failure.message == message)
        #expect(failure.isAnswer == (code != .unavailable && code != .deadlineExceeded))
    }

    @Test func whatTheChannelKnowsIsAddedToABrokenConnection() {
        let broken = RPCError(code: .unavailable, message: "The channel was closed")
        #expect(
            CallFailure(broken, wasSent: false, trouble: "handshake failed").message
                == "The channel was closed: handshake failed")
        let refused = RPCError(code: .unavailable, message: "etcdserver: no leader")
        #expect(CallFailure(refused, wasSent: true, trouble: "noise").message == "etcdserver: no leader")
        #expect(CallFailure(refused, wasSent: true, trouble: nil).isRefusal)
        #expect(!CallFailure(broken, wasSent: true, trouble: nil).isRefusal)
    }

    @Test func anErrorIsASentence() {
        let error = EtcdError(
            code: .compacted(7), operation: "watch", key: "/a/*", message: "the changes from there on are gone",
            endpoint: "http://127.0.0.1:2379")
        #expect(
            "\(error)"
                == "watch /a/* at http://127.0.0.1:2379: the changes from there on are gone (compacted up to 7)")
        #expect("\(EtcdError(code: .cancelled, operation: "get", message: "stopped"))" == "get: stopped (cancelled)")
    }
}
