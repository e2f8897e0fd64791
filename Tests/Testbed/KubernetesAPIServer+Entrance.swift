import Synchronization

extension KubernetesAPIServer {
    /// A link between this process's own network and the fabric, so that the server can be asked from here.
    struct Entrance: Sendable {
        private static let counter = Atomic(0)
        private let number = Self.counter.add(1, ordering: .relaxed).oldValue % 16_000

        private var link: String { "entrance\(number)" }
        private func address(_ last: Int) -> String {
            "169.254.\(number * 4 / 256).\(number * 4 % 256 + last)"
        }

        /// The fabric's end.
        var host: String { address(2) }

        /// Makes it; it goes with the fabric.
        func open(to fabric: Fabric) async throws(TestbedError) {
            try await IPRoute2.batch([
                "link add \(link) type veth peer name entrance netns \(fabric.namespace.name)",
                "address add \(address(1))/30 dev \(link)",
                "link set \(link) up",
            ])
            try await IPRoute2.batch(
                ["address add \(host)/30 dev entrance", "link set entrance up"], in: fabric.namespace)
        }

        /// Takes it away.
        func close() async {
            try? await IPRoute2.batch(["link delete \(link)"])
        }
    }
}
