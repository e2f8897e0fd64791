import CLinux
import LinuxSystem

extension NetworkOperation {
    /// Appends the requests of this operation; `flags` are added to each.
    func encode(into buffer: RequestBuffer, flags: Int32 = 0, owner: Int) throws(Errno) {
        switch self {
        case .addVeth(let pair):
            try buffer.append(pair.createRequest(flags: NLM_F_CREATE | NLM_F_EXCL | flags), owner: owner)
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
        case .addRule(let rule):
            try buffer.append(rule.addRequest(flags: NLM_F_CREATE | NLM_F_EXCL | flags), owner: owner)
        case .deleteRule(let rule):
            try buffer.append(rule.deleteRequest(), owner: owner)
        }
    }
}
