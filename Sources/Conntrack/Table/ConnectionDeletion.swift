import CLinux
import LinuxSystem
import Netlink

/// A connection that is to be forgotten.
struct ConnectionDeletion: NetlinkOrder {
    let connection: Connection

    func encode(into buffer: RequestBuffer, owner: Int) throws(Errno) {
        try buffer.append(type: ConnectionRequest.delete, flags: 0, owner: owner) {
            ConnectionRequest.delete(connection, into: $0)
        }
    }

    var description: String { "delete connection \(connection)" }
}
