import Addresses
import Testing
import Topology

@testable import Daemon

@Suite struct ReleaseTests {
    @Test func aBlockInUseOrOfAnotherHostStays() async throws {
        let store = MemoryStore()
        try await withCluster(on: store) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            _ = try await cluster.register(.plain("n2", "192.168.0.2"))
            var block = try #require(try await cluster.grant(GrantRequest(network: "net"), to: "n1").first)
            let cidr = block.cidr
            try await expect(409, naming: "n1") { try await cluster.release(cidr, of: "n2") }
            let free = try #require(IPPrefix("10.0.0.8/29"))
            try await expect(404, naming: "10.0.0.8/29") { try await cluster.release(free, of: "n1") }

            block.allocated = 3
            store.put(cluster.keys.block(block.cidr), try JSONBody.bytes(block))
            try await expect(409, naming: "3 of its addresses") { try await cluster.release(cidr, of: "n1") }

            block.allocated = 0
            store.put(cluster.keys.block(block.cidr), try JSONBody.bytes(block))
            #expect(try await cluster.release(cidr, of: "n1").cidr == block.cidr)
            try await expect(404, naming: "no such block") { try await cluster.release(cidr, of: "n1") }
        }
    }

    @Test func aBlockTakenIntoUseDuringItsReleaseStays() async throws {
        let store = MemoryStore(delay: .milliseconds(5))
        try await withCluster(on: store) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            var block = try #require(try await cluster.grant(GrantRequest(network: "net"), to: "n1").first)
            block.allocated = 1
            let used = try JSONBody.bytes(block)
            let cidr = block.cidr
            async let release = cluster.release(cidr, of: "n1")
            // After the release has read the record, before its transaction.
            try await Task.sleep(for: .milliseconds(7))
            store.put(cluster.keys.block(cidr), used)
            do {
                _ = try await release
                // The release came first; then the write of the agent is what is left.
                #expect(store.value(cluster.keys.block(cidr)) == used)
            } catch {
                #expect((error as? DaemonError)?.statusCode == 409)
            }
        }
    }
}

/// Expects `call` to be refused with `status` and a sentence that has `text` in it.
func expect<Value: Sendable>(
    _ status: Int, naming text: String, _ call: @Sendable () async throws -> Value,
    at location: SourceLocation = #_sourceLocation
) async throws {
    let error = await #expect(throws: DaemonError.self, sourceLocation: location) { _ = try await call() }
    #expect(error?.statusCode == status, sourceLocation: location)
    #expect(error?.details.contains(text) == true, "\(error?.details ?? "")", sourceLocation: location)
}
