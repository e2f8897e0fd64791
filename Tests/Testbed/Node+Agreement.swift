extension Node {
    /// Everything on which the agent, its journal and the kernel differ, and everything that should not be there.
    ///
    /// - Parameters:
    ///   - pods: the pods that are attached, with the addresses that each was given; nobody else may be.
    ///   - lookingInside: whether the addresses inside the pods are compared too.
    /// - Returns: sentences; empty when all agree.
    public func disagreements(
        expecting pods: [(pod: Pod, addresses: [String])], lookingInside: Bool = true
    ) async throws(TestbedError) -> [String] {
        let report = try await report()
        let kernel = try await KernelState(of: site.namespace)
        let journal = JournalView(in: site.runDirectory)
        var found: [String] = []

        let expected = Set(pods.map { "\($0.pod.containerID)/\($0.pod.interface)" })
        let attached = Set(report.attachments.map { "\($0.containerID)/\($0.ifname)" })
        found += Self.difference(expected, attached, "attachments that the agent knows")
        found += Self.difference(expected, journal.present, "attachments in the journal")
        found += Self.difference(
            Set(report.attachments.map(\.veth)), Set(kernel.podLinks.map(\.ifname)), "links of pods")

        let given = pods.flatMap(\.addresses)
        if Set(given).count != given.count { found.append("an address was given twice: \(given.sorted())") }
        found += Self.difference(Set(given), Set(report.attachments.flatMap(\.addresses)), "addresses of attachments")
        found += Self.difference(Set(given), Set(kernel.podRoutes.map(\.dst)), "routes to pods")
        found += Self.difference(Set(given), Set(kernel.podNeighbours.map(\.dst)), "neighbours of pods")
        let counted = report.blocks.reduce(0) { $0 + $1.allocated }
        if counted != given.count { found.append("blocks count \(counted) addresses, not \(given.count)") }

        for (pod, addresses) in pods where lookingInside {
            let inside = try await KernelState(of: pod.namespace)
            found += Self.difference(
                Set(addresses), Set(inside.addresses[pod.interface] ?? []), "addresses inside \(pod.name)")
        }
        return found
    }

    /// Waits until nothing differs.
    public func agrees(
        expecting pods: [(pod: Pod, addresses: [String])] = [], lookingInside: Bool = true
    ) async throws {
        var found: [String] = []
        do {
            try await eventually("agent, journal and kernel of \(name) agree", within: .seconds(10)) {
                found = try await disagreements(expecting: pods, lookingInside: lookingInside)
                return found.isEmpty
            }
        } catch {
            throw TestbedError("\(error): \(found.joined(separator: "; "))")
        }
    }

    private static func difference(_ expected: Set<String>, _ found: Set<String>, _ what: String) -> [String] {
        var sentences: [String] = []
        let missing = expected.subtracting(found).sorted()
        let extra = found.subtracting(expected).sorted()
        if !missing.isEmpty { sentences.append("missing among \(what): \(missing.prefix(6))") }
        if !extra.isEmpty { sentences.append("too many among \(what): \(extra.prefix(6))") }
        return sentences
    }
}
