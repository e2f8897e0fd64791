package import CLinux
import LinuxSystem

/// Requests and what comes of each, on one socket.
///
/// Failures are answered one by one with the sequence number of their request. Success is answered for the last
/// request of a buffer only: the kernel works in order, so that answer says that all the others have been seen to.
/// Answers can therefore never outgrow the receive buffer, however many operations there are.
package final class Exchange {
    private let socket: NetlinkSocket
    private let buffer: RequestBuffer

    /// An exchange on a new socket in the thread's present namespace.
    package init(protocol number: Int32 = NETLINK_ROUTE) throws(NetlinkError) {
        socket = try NetlinkSocket(protocol: number)
        do throws(Errno) {
            buffer = try RequestBuffer()
        } catch {
            throw NetlinkError(operation: "prepare requests", errno: error)
        }
    }

    /// An exchange on a socket of its own, in the thread's present namespace, with the memory of another.
    ///
    /// A pod's socket lives for one batch, and clearing 192 KiB takes longer than opening it. One thread, one at a time.
    init(sharing other: Exchange) throws(NetlinkError) {
        socket = try NetlinkSocket(room: other.socket.room)
        buffer = other.buffer
    }

    /// Runs orders one behind the other; `echo` is shown what the kernel says besides answers.
    package func run(
        _ orders: [some NetlinkOrder], echo: ((Reply) -> Void)? = nil
    ) throws(NetlinkError) -> [NetlinkError?] {
        var outcome: [NetlinkError?] = Array(repeating: nil, count: orders.count)
        for (index, order) in orders.enumerated() {
            do throws(Errno) {
                try order.encode(into: buffer, owner: index)
            } catch {
                outcome[index] = NetlinkError(operation: "\(order)", errno: error)
            }
            if buffer.isFull { try flush(orders, &outcome, echo) }
        }
        try flush(orders, &outcome, echo)
        return outcome
    }

    private func flush(
        _ orders: [some NetlinkOrder], _ outcome: inout [NetlinkError?], _ echo: ((Reply) -> Void)?
    ) throws(NetlinkError) {
        guard !buffer.isEmpty else { return }
        defer { buffer.reset() }
        do throws(Errno) {
            try socket.send(buffer.bytes())
            while true {
                for reply in ReplyList(try socket.receive()) {
                    guard let owner = buffer.owner(of: reply.sequence) else { continue }
                    guard reply.type == UInt16(NLMSG_ERROR) else {
                        echo?(reply)
                        continue
                    }
                    if outcome[owner.index] == nil, let refusal = reply.refusal(of: "\(orders[owner.index])"),
                        refusal.errno != owner.tolerated
                    {
                        outcome[owner.index] = refusal
                    }
                    if reply.sequence == buffer.lastSequence { return }
                }
            }
        } catch {
            throw NetlinkError(operation: "talk to the kernel about \(orders.count) operations", errno: error)
        }
    }

    /// Asks for objects that `build` narrows down; every reply that is one goes to `take`.
    ///
    /// With NLM_F_DUMP among the flags the answer is a list, which is asked for again, after `restart`, if it changed
    /// while it was read.
    package func ask(
        _ operation: @autoclosure () -> String, type: Int, flags: Int32,
        _ build: (UnsafeMutablePointer<nlmsghdr>) -> Void, restart: () -> Void, take: (Reply) -> Void
    ) throws(NetlinkError) {
        for _ in 1...Self.attempts {
            do throws(Errno) {
                try buffer.append(type: type, flags: flags, owner: 0, build)
            } catch {
                throw NetlinkError(operation: operation(), errno: error)
            }
            restart()
            if try answered(operation(), take) { return }
        }
        throw NetlinkError(operation: operation(), errno: .EAGAIN, kernelText: "it changed whenever it was read")
    }

    /// How often a list that changes while it is read is asked for.
    private static let attempts = 20

    /// Sends the one request and takes in its answer; false if what was listed changed meanwhile.
    private func answered(
        _ operation: @autoclosure () -> String, _ take: (Reply) -> Void
    ) throws(NetlinkError) -> Bool {
        defer { buffer.reset() }
        var isWhole = true
        var refusal: NetlinkError?
        do throws(Errno) {
            try socket.send(buffer.bytes())
            while true {
                for reply in ReplyList(try socket.receive()) where reply.sequence == buffer.lastSequence {
                    if reply.isInterrupted { isWhole = false }
                    switch Int32(reply.type) {
                    case NLMSG_ERROR, NLMSG_DONE:
                        refusal = reply.refusal(of: operation())
                        if let refusal { throw refusal.errno }
                        return isWhole
                    default:
                        take(reply)
                    }
                }
            }
        } catch {
            throw refusal ?? NetlinkError(operation: operation(), errno: error)
        }
    }
}
