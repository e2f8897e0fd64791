import ArgumentParser
import CNIProtocol
import HTTPTransfer

/// `romana block remove CIDR...`.
struct BlockRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take blocks back from their hosts.",
        discussion: """
            This is for blocks that nobody will give back: of a host whose agent is gone for good, or one that `romana \
            ipam check` calls a leak. A running agent gives its idle blocks back itself, and may be giving an address of \
            one to a pod right now; so a block is kept as long as the host's agent knows it, or does not answer, unless \
            --force is given. A block of which addresses are counted is kept in any case.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: ArgumentHelp("Prefixes of blocks, or addresses in them.", valueName: "cidr"))
    var prefixes: [BlockName]
    @Flag(help: "Take a block back although the host's agent knows it, or does not answer.") var force = false
    @Option(name: .customLong("agent-port"), help: ArgumentHelp("The port of agents.", valueName: "port"))
    var port: UInt16 = AgentOptions.defaultPort

    func run() async throws {
        let session = try Session(options)
        let known = try await session.daemon.get("/v1/blocks")["blocks"]?.arrayValue ?? []
        let hosts = force ? [] : try await session.daemon.get("/v1/hosts")["hosts"]?.arrayValue ?? []
        try await session.each(prefixes) { wanted throws(CommandError) in
            guard let block = known.first(where: wanted.means) else {
                throw CommandError("remove block \(wanted.text): no such block")
            }
            let (cidr, host) = (block["cidr"].shown, block["host"].shown)
            if let record = hosts.first(where: { $0["name"]?.stringValue == host }) {
                try await refuseUnlessForgotten(cidr, by: record)
            }
            let answer = try await session.daemon.delete(
                "/v1/hosts/\(host.percentEncoded)/blocks/\(cidr.percentEncoded)")
            try session.confirm("Block \(cidr) is taken back from host \(host).", answer)
        }
    }

    private func refuseUnlessForgotten(_ cidr: String, by host: JSONValue) async throws(CommandError) {
        let doing = "remove block \(cidr) of host \(host["name"].shown)"
        switch await AgentEndpoint(host: host, port: port).state(HTTPClient()) {
        case .success(let state):
            guard state.blocks.contains(where: { $0["cidr"].shown == cidr }) else { return }
            throw CommandError(
                "\(doing): the host's agent uses it, or gives it back itself; --force takes it all the same")
        case .failure(let error):
            throw CommandError(
                "\(doing): whether the host uses it is not known (\(error)); --force takes it all the same")
        }
    }
}
