import LinuxSystem
import Logging
import Netlink

/// Watches the node's links and addresses on a thread of its own and wakes the dataplane when others change them.
///
/// Events of pods' own links are many and never news; the kernel drops them by their groups. Bursts are gathered: one audit serves them.
struct KernelWatch: Sendable {
    let inbox: DataplaneInbox
    let logger: Logger

    /// Milliseconds within which events count as one burst.
    private static let burst: Int32 = 100

    /// Starts the thread in the caller's network namespace.
    func start() throws(SystemError) {
        _ = try NamedThread.start(name: "romana-watch") { run() }
    }

    private func run() {
        do {
            let monitor = try NetworkMonitor([.links, .addresses])
            try monitor.ignoreLinks(inGroups: Ownership.podGroup, Ownership.reapGroup)
            let poll = try Epoll()
            try poll.add(monitor.rawValue, .readable, token: 0)
            var isDirty = false
            while true {
                if try poll.wait(timeoutMilliseconds: isDirty ? Self.burst : -1, capacity: 1).isEmpty {
                    isDirty = false
                    inbox.post(.kernelChanged)
                } else if isNews(try monitor.drain()) {
                    isDirty = true
                }
            }
        } catch {
            logger.error("watch links: \(error)")
        }
    }

    /// Lost events may have been anything.
    private func isNews(_ reading: MonitorReading) -> Bool {
        guard case .events(let events) = reading else { return true }
        return events.contains { event in
            switch event {
            case .link(let link), .linkGone(let link): !link.name.hasPrefix(Ownership.linkPrefix)
            default: true
            }
        }
    }
}
