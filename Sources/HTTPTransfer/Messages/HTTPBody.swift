/// The body of an answer as it arrives, for one reader; letting go of it ends the exchange.
///
/// The server is held back when the reader is more than a mebibyte behind.
public struct HTTPBody: AsyncSequence, Sendable {
    /// A piece of the body, never empty.
    public typealias Element = [UInt8]
    /// Why the body ended early.
    public typealias Failure = HTTPTransferError

    private let reader: Reader

    init(_ channel: BodyChannel) { reader = Reader(channel) }

    /// Cancels the exchange once nobody can read any more.
    fileprivate final class Reader: Sendable {
        let channel: BodyChannel
        init(_ channel: BodyChannel) { self.channel = channel }
        deinit { channel.ticket.cancel() }
    }

    /// Reads the body to its end.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        fileprivate let reader: Reader

        /// The next piece, nil at the end.
        public mutating func next() async throws(HTTPTransferError) -> [UInt8]? { try await reader.channel.next() }

        /// The next piece, nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPTransferError) -> [UInt8]? {
            try await reader.channel.next()
        }
    }

    /// A reader; all readers of one body share its pieces.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: reader) }
}
