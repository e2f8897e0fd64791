import CLinux
import CMnl
import Glibc
package import LinuxSystem

/// A socket of one netlink protocol in the namespace of the thread that opened it; libmnl opens, binds, sends and
/// receives.
package final class NetlinkSocket {
    private let socket: OpaquePointer
    /// Where answers are received.
    package let room: ReceiveRoom

    /// Opens a socket; `groups` are those whose events it shall hear (RTNLGRP_*, NFNLGRP_*).
    package init(
        protocol number: Int32 = NETLINK_ROUTE, groups: [UInt32] = [], sendBytes: Int32 = 1 << 20,
        receiveBytes: Int32 = 4 << 20, room: ReceiveRoom = ReceiveRoom()
    ) throws(NetlinkError) {
        let name = number == NETLINK_ROUTE ? "routing socket" : "netlink socket of protocol \(number)"
        guard let socket = mnl_socket_open2(number, Int32(SOCK_CLOEXEC.rawValue)) else {
            throw NetlinkError(operation: "open \(name)", errno: .last)
        }
        self.socket = socket
        self.room = room
        do {
            try setUp(groups, sendBytes, receiveBytes)
        } catch {
            throw NetlinkError(operation: "set up \(name)", errno: error)
        }
    }

    deinit {
        mnl_socket_close(socket)
    }

    /// For epoll.
    package var rawValue: Int32 { mnl_socket_get_fd(socket) }

    private func setUp(_ groups: [UInt32], _ sendBytes: Int32, _ receiveBytes: Int32) throws(Errno) {
        // All requests at once, and room for all that can come back.
        try Errno.check(romana_socket_buffers(rawValue, sendBytes, receiveBytes))
        // Explanations of refusals, acknowledgements without a copy of the request, filters on dumps.
        for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK] {
            try Errno.check(romana_netlink_option(rawValue, option, 1))
        }
        // The kernel answers before the sending call returns; a silent kernel must not hold the thread for ever.
        if groups.isEmpty { try Errno.check(romana_socket_timeouts(rawValue, 30_000_000_000, 30_000_000_000)) }
        guard mnl_socket_bind(socket, 0, pid_t(MNL_SOCKET_AUTOPID)) == 0 else { throw Errno.last }
        for group in groups { try Errno.check(romana_netlink_option(rawValue, NETLINK_ADD_MEMBERSHIP, Int32(group))) }
    }

    /// Sends messages that lie behind one another.
    package func send(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        while mnl_socket_sendto(socket, bytes.baseAddress, bytes.count) < 0 {
            if Errno.last != .EINTR { throw Errno.last }
        }
    }

    /// What one receive brings; valid until the next.
    package func receive() throws(Errno) -> UnsafeRawBufferPointer {
        while true {
            let count = mnl_socket_recvfrom(socket, room.bytes.baseAddress, room.bytes.count)
            if count >= 0 { return UnsafeRawBufferPointer(rebasing: room.bytes[..<count]) }
            if Errno.last != .EINTR { throw Errno.last == .EAGAIN ? .ETIMEDOUT : Errno.last }
        }
    }

    /// What is there now; nil if nothing is.
    package func receiveIfReady() throws(Errno) -> UnsafeRawBufferPointer? {
        var entry = pollfd(fd: rawValue, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0 ? try receive() : nil
    }
}

extension Errno {
    /// What the last call of this thread that was refused left behind.
    package static var last: Errno { Errno(rawValue: Glibc.errno) }

    /// Throws the number in an answer of CLinux that is below zero.
    package static func check(_ answer: Int32) throws(Errno) {
        if answer < 0 { throw Errno(rawValue: -answer) }
    }
}
