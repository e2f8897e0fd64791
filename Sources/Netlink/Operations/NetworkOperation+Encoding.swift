import CLinux
package import LinuxSystem

extension NetworkOperation: NetlinkOrder {
    /// Appends the requests of this operation.
    package func encode(into buffer: RequestBuffer, owner: Int) throws(Errno) {
        try encode(into: buffer, flags: 0, owner: owner)
    }

    /// Appends the requests of this operation; `flags` are added to each.
    func encode(into buffer: RequestBuffer, flags: Int32, owner: Int) throws(Errno) {
        switch self {
        case .addVeth(let pair):
            try buffer.append(pair.createRequest(flags: NLM_F_CREATE | NLM_F_EXCL | flags), owner: owner)
        case .addIFB(let link):
            try buffer.append(link.createRequest(flags: NLM_F_CREATE | NLM_F_EXCL | flags), owner: owner)
        case .setLink(let change):
            try change.encode(into: buffer, owner: owner)
        case .settleLink(let index):
            try LinkRequest.get(index: index, into: buffer, owner: owner)
        case .deleteLink(let index):
            try buffer.append(LinkRequest.delete(index: index), owner: owner)
        case .deleteLinkNamed(let name):
            try buffer.append(LinkRequest.delete(name: name), owner: owner)
        case .deleteLinkGroup(let group):
            try LinkRequest.deleteGroup(group, into: buffer, owner: owner)
        case .addAddress(let address):
            try buffer.append(address.addRequest(flags: NLM_F_CREATE | NLM_F_EXCL | flags), owner: owner)
        case .deleteAddress(let address):
            try buffer.append(address.deleteRequest(), owner: owner)
        case .replaceRoute(let route):
            try route.encode(RTM_NEWROUTE, flags: NLM_F_CREATE | NLM_F_REPLACE | flags, into: buffer, owner: owner)
        case .deleteRoute(let route):
            try route.encode(RTM_DELROUTE, flags: flags, into: buffer, owner: owner)
        case .replaceNeighbour(let neighbour):
            try buffer.append(neighbour.replaceRequest(flags: flags), owner: owner)
        case .deleteNeighbour(let neighbour):
            try buffer.append(neighbour.deleteRequest(), owner: owner)
        case .addQueue(let queue):
            try queue.encode(into: buffer, flags: NLM_F_CREATE | NLM_F_EXCL | flags, owner: owner)
        case .addRedirection(let redirection):
            try redirection.encode(into: buffer, flags: NLM_F_CREATE | NLM_F_EXCL | flags, owner: owner)
        case .addRule(let rule):
            try buffer.append(rule.addRequest(flags: NLM_F_CREATE | NLM_F_EXCL | flags), owner: owner)
        case .deleteRule(let rule):
            try buffer.append(rule.deleteRequest(), owner: owner)
        }
    }
}

/// An operation whose outcome the kernel shows as it shows changes to everybody (NLM_F_ECHO).
struct EchoedOperation: NetlinkOrder {
    private let operation: NetworkOperation

    init(_ operation: NetworkOperation) { self.operation = operation }

    func encode(into buffer: RequestBuffer, owner: Int) throws(Errno) {
        try operation.encode(into: buffer, flags: NLM_F_ECHO, owner: owner)
    }

    var description: String { "\(operation)" }
}
