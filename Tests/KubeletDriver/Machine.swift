public import Testbed

/// A machine of a test cluster: a network, a host name and a /run of its own, and its own changes of /etc, /opt, /var/lib
/// and /var/log.
public final class Machine: Sendable {
    /// 1 for the first.
    public let number: Int
    /// Its host's name.
    public var name: String { "node\(number)" }
    /// Its network.
    public let network: Namespace
    /// Everything that it writes, outside of its own view.
    public let directory: String
    /// Lives as long as the machine does, and keeps its folders.
    private let holder: ChildProcess

    private init(number: Int, network: Namespace, directory: String, holder: ChildProcess) {
        self.number = number
        self.network = network
        self.directory = directory
        self.holder = holder
    }

    /// Starts a machine on a network of the fabric.
    ///
    /// - Parameter isNew: whether it never ran before; otherwise what it wrote to its disk is there.
    public static func start(
        _ number: Int, on network: Namespace, directory: String, isNew: Bool = true
    ) async throws -> Machine {
        let script = "\(Scripts.directory)/machine.sh"
        let words = ["--mount", "--uts", script, directory, "node\(number)", isNew ? "new" : "old"]
        let program = Program("unshare", words + ["sleep", "infinity"], namespace: network.path)
        let machine = Machine(
            number: number, network: network, directory: directory,
            holder: try await ChildProcess.start(program, log: "\(directory)/machine.log"))
        do {
            try await eventually("\(machine.name) runs") {
                if let status = machine.holder.status {
                    throw TestbedError("\(machine.name) ended with \(status): \(machine.holder.said())")
                }
                return TextFile.read("/proc/\(machine.holder.pid)/comm") == "sleep\n"
            }
        } catch {
            await machine.stop()
            throw error
        }
        return machine
    }

    /// Its addresses, IPv4 first.
    public var addresses: [String] { [Fabric.address4(ofNode: number), Fabric.address6(ofNode: number)] }

    /// The process in whose view all of this is.
    public var pid: Int32 { holder.pid }

    /// A program that runs on it.
    public func program(_ executable: String, _ arguments: [String] = []) -> Program {
        Program(
            "nsenter", ["--target", "\(holder.pid)", "--mount", "--net", "--uts", "--", executable] + arguments,
            environment: Self.environment)
    }

    /// What programs on a machine find in their environment.
    static let environment = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": "/run/tmp",
    ]

    /// Where a path of its own is seen from outside.
    public func path(_ own: String) -> String { "/proc/\(holder.pid)/root\(own)" }

    /// Has its network forget everything that a restart of a machine does not leave.
    func forgetNetwork() async throws(TestbedError) {
        try await program(
            "sh",
            [
                "-ec",
                """
                links=$(ip -oneline link show type veth)
                for link in $(echo "$links" | cut -d ' ' -f 2 | cut -d @ -f 1 | cut -d : -f 1); do
                    [ "$link" != \(Fabric.uplink) ] || continue
                    # One whose other end is deleted, or whose namespace ends, has gone meanwhile.
                    if ! ip link delete "$link" && ip link show "$link"; then exit 1; fi
                done
                for family in -4 -6; do
                    rules=$(ip $family rule show)
                    echo "$rules" | sed -n 's/^\\([0-9]*\\):.*lookup [0-9].*/\\1/p' | while read -r number; do
                        ip $family rule delete priority "$number"
                    done
                    # A table without routes is none, which flush takes for a mistake.
                    routes=$(ip $family route show table all)
                    case $routes in *" table 10 "*) ip $family route flush table 10 ;; esac
                done
                nft flush ruleset
                sysctl -q -w net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
                """,
            ]
        ).text()
    }

    /// Ends it; what still runs there keeps its view.
    public func stop() async { await holder.crash() }
}

/// The scripts beside this module.
enum Scripts {
    /// Their folder.
    static let directory = String(#filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined())
}
