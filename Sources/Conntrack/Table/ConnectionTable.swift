public import Addresses
import CLinux
import LinuxSystem
import Netlink

/// The connections that the kernel of one network namespace tracks (ctnetlink).
///
/// Used by one thread at a time. What it copes with:
/// - *Hundreds of thousands of connections:* they are told one by one as the kernel tells them, and none is kept.
/// - *Few addresses of interest:* the kernel itself leaves the others out, where it can: IPv4, from Linux 5.8.
/// - *A table that changes while it is read:* a connection may be told twice, and one that is as old as the reading may
///   be left out. What the kernel has begun to refuse before the reading is never left out.
/// - *A connection that is made anew* while it is on its way to be deleted has another id, and stays.
public final class ConnectionTable {
    private let reading: Exchange
    /// A socket of its own: orders go out while an answer is still coming in.
    private let writing: Exchange

    /// Each question makes the kernel walk its whole table; beyond so many, one answer with everything in it is less.
    ///
    /// Of 250,000 connections one question takes 60 ms and everything 570; of none 10 ms either way.
    static let questions = 4

    /// How many orders go out at once.
    private static let orders = 256

    /// Opens the table of the calling thread's namespace; needs CAP_NET_ADMIN there.
    public init() throws(ConntrackError) {
        do throws(NetlinkError) {
            reading = try Exchange(protocol: NETLINK_NETFILTER)
            writing = try Exchange(protocol: NETLINK_NETFILTER)
        } catch {
            throw ConntrackError(error)
        }
    }

    /// Tells every connection in a selection: `conntrack -L`.
    public func connections(
        in selection: ConnectionSelection, _ visit: (Connection) -> Void
    ) throws(ConntrackError) {
        guard !selection.isEverything else { return try list(everythingOf: nil, visit) }
        // A kernel's filter for IPv6 tells all but the connections that it is given (6.18, and all before it).
        let ipv4 = selection.narrowed(to: .ipv4)
        let families = AddressFamily.allCases.filter { !selection.narrowed(to: $0).isEmpty }
        if !ipv4.isEmpty, ipv4.size <= Self.questions, try answers(ipv4, visit) {
            if families.contains(.ipv6) {
                try list(everythingOf: .ipv6) { if selection.contains($0) { visit($0) } }
            }
        } else if let family = families.first {
            try list(everythingOf: families.count == 1 ? family : nil) { if selection.contains($0) { visit($0) } }
        }
    }

    /// Tells every connection that one of the addresses opened or answers; nil is for every connection there is.
    public func connections(of addresses: Set<IPAddress>?, _ visit: (Connection) -> Void) throws(ConntrackError) {
        try connections(in: addresses.map(ConnectionSelection.init(addresses:)) ?? .everything, visit)
    }

    /// Forgets a connection, so that its next packet is judged as a new one's: `conntrack -D`.
    ///
    /// False if it has gone, or if another has its place.
    @discardableResult
    public func delete(_ connection: Connection) throws(ConntrackError) -> Bool {
        try delete([connection]) == 1
    }

    /// Forgets connections, and tells how many there still were.
    ///
    /// Throws the first refusal; the others have been seen to.
    @discardableResult
    public func delete(_ connections: [Connection]) throws(ConntrackError) -> Int {
        var count = 0
        do throws(NetlinkError) {
            let outcome = try writing.run(connections.map(ConnectionDeletion.init))
            let refusals = outcome.compactMap { $0 }
            count = connections.count - refusals.count
            for refusal in refusals where refusal.errno != .ENOENT { throw refusal }
        } catch {
            throw ConntrackError(error)
        }
        return count
    }

    /// Forgets every connection that an address opened or answers, and tells how many.
    @discardableResult
    public func delete(allOf address: IPAddress) throws(ConntrackError) -> Int {
        try sweep(ConnectionSweep(ConnectionSelection(addresses: [address])) { _ in false })
    }

    /// Forgets the connections that a sweep ends, and tells how many.
    @discardableResult
    public func sweep(_ sweep: ConnectionSweep) throws(ConntrackError) -> Int {
        var waiting: [Connection] = []
        var outcome: Result<Int, ConntrackError> = .success(0)
        func flush() {
            guard case .success(let count) = outcome else { return }
            do throws(ConntrackError) {
                outcome = .success(count + (try delete(waiting)))
            } catch {
                outcome = .failure(error)
            }
            waiting.removeAll(keepingCapacity: true)
        }
        try connections(in: sweep.selection) { connection in
            guard sweep.ends(connection) else { return }
            waiting.append(connection)
            if waiting.count == Self.orders { flush() }
        }
        flush()
        return try outcome.get()
    }

    /// Asks for the connections of each address by itself; false if the kernel refuses such questions.
    private func answers(
        _ selection: ConnectionSelection, _ visit: (Connection) -> Void
    ) throws(ConntrackError) -> Bool {
        do throws(ConntrackError) {
            for address in selection.initiators {
                try list({ ConnectionRequest.list(.initiator(address), into: $0) }) { connection in
                    if connection.initiator == address { visit(connection) }
                }
            }
            for address in selection.destinations {
                try list({ ConnectionRequest.list(.destination(address), into: $0) }) { connection in
                    guard connection.destination == address else { return }
                    // Told already.
                    if !selection.initiators.contains(connection.initiator) { visit(connection) }
                }
            }
            return true
        } catch {
            // What kernels say of filters that they do not know; before 5.8 they only pass over them.
            if error.errno == .EOPNOTSUPP || error.errno == .EINVAL { return false }
            throw error
        }
    }

    private func list(
        everythingOf family: AddressFamily?, _ visit: (Connection) -> Void
    ) throws(ConntrackError) {
        try list({ ConnectionRequest.list(family, into: $0) }, visit)
    }

    private func list(
        _ build: (UnsafeMutablePointer<nlmsghdr>) -> Void, _ visit: (Connection) -> Void
    ) throws(ConntrackError) {
        do throws(NetlinkError) {
            try reading.ask(
                "list connections", type: ConnectionRequest.get, flags: NLM_F_DUMP, build, restart: {},
                take: { reply in if let connection = Connection(reply) { visit(connection) } })
        } catch {
            throw ConntrackError(error)
        }
    }
}
