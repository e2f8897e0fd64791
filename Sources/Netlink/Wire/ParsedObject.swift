import CNlRoute
import LinuxSystem

/// Objects of libnl out of received messages.
enum ParsedObject {
    /// Hands the object that a message describes to `body`; it lives only that long.
    ///
    /// Nil if libnl cannot read it.
    static func parse<Value>(_ reply: Reply, _ body: (OpaquePointer) -> Value?) -> Value? {
        do throws(Errno) {
            let message = try Message(copying: reply.header)
            var value: Value?
            withoutActuallyEscaping(body) { body in
                let taker = Taker { value = body($0) }
                _ = nl_msg_parse(message.pointer, take, Unmanaged.passUnretained(taker).toOpaque())
            }
            return value
        } catch {
            return nil
        }
    }

    private final class Taker {
        let take: (OpaquePointer) -> Void

        init(_ take: @escaping (OpaquePointer) -> Void) { self.take = take }
    }

    /// What libnl calls with the object it read; it gives the object back itself.
    private static let take: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Void = { object, context in
        guard let object, let context else { return }
        Unmanaged<Taker>.fromOpaque(context).takeUnretainedValue().take(object)
    }
}
