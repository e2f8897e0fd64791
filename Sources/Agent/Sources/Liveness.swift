import Addresses
import Etcd
import FoundationEssentials
import Logging

/// Says in etcd, under a lease, that the node's agent is alive; its end says nothing about who owns which block.
struct Liveness: Sendable {
    let settings: AgentSettings
    let etcd: EtcdClient
    let inbox: DataplaneInbox
    let logger: Logger

    /// Seconds after which a silent agent counts as gone.
    static let timeToLive: Int64 = 15

    private struct Record: Codable {
        var addresses: [String]
        var version: String
    }

    /// Keeps the key until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await etcd.lease(seconds: Self.timeToLive).run { lease in
                    await announce(lease)
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    inbox.post(.reachable(.etcd, etcd.isConnected))
                    try? await Task.sleep(for: .seconds(1))
                }
            }
        }
    }

    private func announce(_ lease: Int64) async {
        do {
            let record = Record(addresses: settings.addresses.map(\.description), version: AgentVersion.current)
            _ = try await etcd.put(settings.aliveKey, Array(JSONEncoder().encode(record)), lease: lease)
        } catch {
            logger.warning("\(error)")
        }
    }
}
