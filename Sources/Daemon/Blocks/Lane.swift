import Addresses
import Topology

/// The parts of every group that one of several daemons looks in first, while they are in each other's way.
///
/// Alone, a daemon takes the lowest free block. Two that do so at once choose the same one, and all but one of their
/// transactions are refused. In lanes they only meet where a group is nearly full.
struct Lane: Sendable, Hashable {
    /// Which lane.
    var index: Int
    /// Of how many.
    var count: Int

    /// The lane of one daemon among all; nil when it is alone or not among them.
    init?(of daemon: String, among daemons: Set<String>) {
        guard daemons.count > 1, let index = daemons.sorted().firstIndex(of: daemon) else { return nil }
        self.index = index
        self.count = daemons.count
    }
}

extension BlockSpace {
    /// The lowest free blocks of a group in the first part of a lane that has room; a group has up to 256 parts.
    func free(_ count: Int, in group: IPPrefix, of network: Network, _ lane: Lane) -> [IPPrefix] {
        let bits = min(8, network.blockMask - group.length)
        guard bits > 0 else { return [] }
        for index in stride(from: lane.index, to: 1 << bits, by: lane.count) {
            guard let part = group.subprefix(UInt128(index), length: group.length + bits),
                hasRoom(in: part, of: network)
            else { continue }
            return free(count, in: part, of: network)
        }
        return []
    }
}
