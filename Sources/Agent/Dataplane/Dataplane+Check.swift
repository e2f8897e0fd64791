import Addresses
import CNIProtocol
import LinuxSystem
import Netlink

extension Dataplane {
    /// CHECK (CNI spec 1.1, section 2): whether everything that ADD made is still there and as it was.
    func check(_ request: CNIRequest) throws(CNIError) {
        guard let attachment = attachments[request.key] else {
            throw CNIError(.unknownContainer, "\(request.key) is not attached")
        }
        guard let sandbox = request.sandbox else {
            throw CNIError(.invalidEnvironment, "CNI_NETNS: CHECK needs a network namespace")
        }
        guard let previous = request.config.prevResult else {
            throw CNIError(.invalidConfig, "prevResult: CHECK needs the result of the ADD")
        }
        let result: CNIResult
        do {
            result = try CNIResult(parsing: previous)
        } catch {
            throw CNIError(.invalidConfig, "prevResult: \(error)")
        }
        for address in attachment.addresses.map(\.address) where !result.ips.contains(where: { $0.address == address })
        {
            throw broken("\(attachment.title): \(address) is missing from prevResult")
        }
        guard sandbox.identity == attachment.sandboxIdentity else {
            throw broken("\(attachment.title): \(attachment.sandbox) is another network namespace now")
        }
        do {
            try checkHost(attachment)
            try checkCapabilities(attachment)
            try checkPod(attachment, openSandbox(sandbox.rawValue))
        } catch let error as CNIError {
            throw error
        } catch {
            throw CNIError(.kernelRefused, "\(error)")
        }
    }

    private func checkHost(_ attachment: Attachment) throws {
        guard let link = try host.link(named: attachment.veth), link.index == attachment.hostIndex else {
            throw broken("link \(attachment.veth) is missing on the node")
        }
        guard link.isUp else { throw broken("link \(attachment.veth) is down") }
        for address in attachment.addresses.map(\.address) {
            let route = try host.routeLookup(to: address)
            guard route?.interface == attachment.hostIndex else {
                throw broken("the node's route to \(address) does not lead to \(attachment.veth)")
            }
        }
    }

    private func checkCapabilities(_ attachment: Attachment) throws {
        if let difference = try PodShaping(attachment: attachment).difference(on: host) {
            throw broken("\(attachment.title): \(difference)")
        }
        if let difference = try policy.difference(attachment) { throw broken("\(attachment.title): \(difference)") }
    }

    private func checkPod(_ attachment: Attachment, _ pod: any NetworkKernel) throws {
        let name = attachment.key.interface
        guard let link = try pod.link(named: name) else { throw broken("link \(name) is missing in the pod") }
        guard link.isUp else { throw broken("link \(name) is down in the pod") }
        let held = try pod.addresses(interface: link.index).map(\.address)
        let neighbours = try pod.neighbours(interface: link.index)
        for address in attachment.addresses.map(\.address) {
            guard held.contains(address) else { throw broken("address \(address) is missing on \(name)") }
            let gateway = Ownership.gateway(address.family)
            guard neighbours.contains(where: { $0.address == gateway && $0.mac == Ownership.hostMAC }) else {
                throw broken("neighbour \(gateway) is missing on \(name)")
            }
            let routes = try pod.routes(table: 254, routeProtocol: Ownership.routeProtocol, family: address.family)
            guard routes.contains(where: { $0.gateway == gateway && $0.destination.length == 0 }) else {
                throw broken("default route via \(gateway) is missing on \(name)")
            }
        }
    }

    private func broken(_ message: String) -> CNIError {
        CNIError(.attachmentDiffers, message)
    }
}
