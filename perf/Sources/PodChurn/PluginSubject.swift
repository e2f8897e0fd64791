import FoundationEssentials

/// A CNI plugin, called as a container runtime calls it.
struct PluginSubject: Subject {
    let name: String
    let node: Node
    let program: String
    let pluginPath: String
    /// The network configuration on standard input: a JSON object.
    let config: String
    let log: Int32

    func adding(_ attachments: [Attachment]) throws -> Job {
        job(.add, attachments.map { ($0, Array(config.utf8)) })
    }

    func deleting(_ attached: [Attached]) throws -> Job {
        job(
            .delete,
            attached.map { pod in
                let open = config.utf8.dropLast()
                return (pod.attachment, Array(open) + Array(#","prevResult":"#.utf8) + pod.result + [UInt8(ascii: "}")])
            })
    }

    private func job(_ verb: Verb, _ steps: [(Attachment, [UInt8])]) -> Job {
        let calls = steps.map { attachment, input in
            Invocation(
                program, environment: Invocation.variables(verb, attachment, pluginPath: pluginPath), input: input,
                log: log)
        }
        let title = "\(name) \(verb.rawValue)"
        return Job(count: calls.count) {
            { index in try calls[index].run("\(title) of container \(steps[index].0.containerID)") }
        }
    }

    func attached(_ attachment: Attachment, _ outcome: Outcome) throws -> Attached {
        let text = String(decoding: outcome.output, as: UTF8.self)
        let result: AddResult
        do {
            result = try JSONDecoder().decode(AddResult.self, from: Data(outcome.output))
        } catch {
            throw BenchFailure("\(name) ADD gave no result that can be read (\(error)): \(text)")
        }
        guard let address = result.ips.first?.address, address.contains("/") else {
            throw BenchFailure("\(name) ADD gave no address: \(text)")
        }
        // The bridge itself is in the list of its plugin's interfaces, ahead of the pod's own link.
        guard let link = result.interfaces.last(where: { ($0.sandbox ?? "").isEmpty })?.name else {
            throw BenchFailure("\(name) ADD names no link of the host: \(text)")
        }
        return Attached(attachment: attachment, link: link, linkIndex: 0, address: address, result: outcome.output)
    }

    private struct AddResult: Decodable {
        struct Interface: Decodable {
            let name: String
            let sandbox: String?
        }
        struct IP: Decodable {
            let address: String
        }
        let interfaces: [Interface]
        let ips: [IP]
    }
}
