import Addresses
import CNIProtocol
import Conntrack
import LinuxSystem
import Logging
import Policies
import Synchronization

/// Ends connections that a change of policy does not allow any more, on a thread and socket of its own: the kernel's
/// table of connections may be long.
///
/// Requests that come while it is at work are put together.
final class ConnectionSweeper: Sendable {
    private struct Work {
        /// Addresses that pods have left.
        var left: Set<IPAddress> = []
        /// Ports of the node that lead to pods since a moment ago, with its addresses.
        var claims: Set<Claim> = []
        var addresses: Set<IPAddress> = []
        var policies: NodePolicies?
        var ended = 0
    }

    /// A port of the node for datagrams.
    private struct Claim: Hashable {
        let address: IPAddress
        let port: UInt16
    }

    private let work = Mutex(Work())
    private let counter: EventCounter
    private let logger: Logger

    init(logger: Logger) throws(SystemError) {
        self.logger = logger
        counter = try EventCounter()
    }

    /// Connections that were ended since the start.
    var ended: Int { work.withLock(\.ended) }

    /// Looks at all connections of these addresses, by the policies as they are now.
    func sweep(_ addresses: Set<IPAddress>, _ policies: NodePolicies) {
        guard !addresses.isEmpty else { return }
        work.withLock {
            $0.addresses.formUnion(addresses)
            $0.policies = policies
        }
        counter.signal()
    }

    /// Ends all connections of addresses that pods have left, soon: whoever gets one of them must not get its connections.
    func drop(_ addresses: Set<IPAddress>) {
        guard !addresses.isEmpty else { return }
        let isFirst = work.withLock { work in
            defer { work.left.formUnion(addresses) }
            return work.left.isEmpty
        }
        if isFirst { counter.signal() }
    }

    /// Ends, soon, what came to ports of the node for datagrams before they led to a pod.
    ///
    /// A client that sends on and on would stay with the node itself. Connections of TCP are somebody's, and new ones are
    /// judged anew.
    func claim(_ mappings: [PortMapping], of addresses: [IPAddress]) {
        let loopback = IPAddress.v4(IPv4Address(rawValue: 0x7f00_0001))
        let claims = mappings.filter { $0.transport == .udp }.flatMap { mapping in
            (mapping.hostAddress.map { [$0] } ?? addresses + [loopback])
                .filter { mapping.families.contains($0.family) }
                .map { Claim(address: $0, port: mapping.hostPort) }
        }
        guard !claims.isEmpty else { return }
        work.withLock { $0.claims.formUnion(claims) }
        counter.signal()
    }

    /// Starts the thread in the caller's network namespace.
    func start() throws(SystemError) {
        _ = try NamedThread.start(name: "romana-sweep") { self.run() }
    }

    private func run() {
        do {
            let table = try ConnectionTable()
            let poll = try Epoll()
            let pause = try Epoll()
            var rest: UInt64 = 0
            try poll.add(counter.rawValue, .readable, token: 0)
            while true {
                // Pods leave in crowds, and their addresses rest: one look serves all who leave within a second.
                let patience = work.withLock { work in
                    !work.claims.isEmpty ? Self.claimPatience : !work.left.isEmpty ? Self.leavePatience : -1
                }
                if try poll.wait(timeoutMilliseconds: patience, capacity: 1).isEmpty {
                    drop(table)
                    continue
                }
                _ = try pause.wait(timeoutMilliseconds: Int32(clamping: rest / 1_000_000), capacity: 1)
                rest = 0
                counter.drain()
                let (addresses, policies) = work.withLock { work -> (Set<IPAddress>, NodePolicies?) in
                    defer {
                        work.addresses = []
                        work.policies = nil
                    }
                    return (work.addresses, work.policies)
                }
                guard let policies, !addresses.isEmpty else { continue }
                let started = Clock.monotonicNanoseconds()
                sweep(table, addresses, policies)
                rest = (Clock.monotonicNanoseconds() - started) * Self.restPerWork
            }
        } catch {
            logger.error("end connections: \(error)")
        }
    }

    /// How much longer than it works it lets be: where members of groups come and go all the time and the node has many
    /// connections, it must not take a processor for itself.
    private static let restPerWork: UInt64 = 4

    /// Milliseconds within which those who leave are put together.
    private static let leavePatience: Int32 = 1_000

    /// Milliseconds within which ports are put together: their clients are still with the node.
    private static let claimPatience: Int32 = 200

    private func drop(_ table: ConnectionTable) {
        let (left, claims) = work.withLock { work in
            defer {
                work.left = []
                work.claims = []
            }
            return (work.left, work.claims)
        }
        do {
            if !left.isEmpty {
                _ = try table.sweep(ConnectionSweep(ConnectionSelection(addresses: left)) { _ in false })
            }
            guard !claims.isEmpty else { return }
            let selection = ConnectionSelection(destinations: Set(claims.map(\.address)))
            _ = try table.sweep(
                ConnectionSweep(selection) { connection in
                    guard connection.transport == .udp, let port = connection.destinationPort else { return true }
                    return !claims.contains(Claim(address: connection.destination, port: port))
                })
        } catch {
            logger.warning(
                "end connections of \(left.count) addresses that pods have left, \(claims.count) ports: \(error)")
        }
    }

    private func sweep(_ table: ConnectionTable, _ addresses: Set<IPAddress>, _ policies: NodePolicies) {
        do {
            let sweep = ConnectionSweep(ConnectionSelection(addresses: addresses)) { connection in
                policies.allows(
                    from: connection.initiator, to: connection.destination, connection.policyTraffic)
            }
            let count = try table.sweep(sweep)
            guard count > 0 else { return }
            work.withLock { $0.ended += count }
            logger.info("ended \(count) connections that policy does not allow any more")
        } catch {
            logger.warning("end connections of \(addresses.count) addresses: \(error)")
        }
    }
}

extension Connection {
    /// What policies call its traffic.
    fileprivate var policyTraffic: ConnectionTraffic {
        switch original.discriminator {
        case .message(let type, let code, _):
            return .icmp(type: type, code: code)
        case .ports, .none:
            guard let kind = NetworkPolicy.Transport.allCases.first(where: { $0.number == transport.rawValue }) else {
                return .other(transport.rawValue)
            }
            return .port(kind, destinationPort ?? 0)
        }
    }
}
