import NIOCore

/// How long a client may take.
struct Patience: Sendable {
    /// From the opening of a connection, TLS and all, to the first whole head.
    var firstHead = TimeAmount.seconds(10)
    /// From the end of an answer to the next whole head; then an idle connection is closed.
    var nextHead = TimeAmount.seconds(60)
    /// From a whole head to the end of its answer.
    var exchange = TimeAmount.seconds(30)
    /// How long what is left of an unread body is still taken in, so that the client sees the answer and not a reset.
    var linger = TimeAmount.seconds(5)
}
