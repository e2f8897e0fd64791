import Addresses

extension CNIResult {
    /// The result as a runtime of a version reads it.
    ///
    /// Before 1.0.0 each address carries its `version`; MTU and the finer traits of routes appear from 1.1.0 on.
    public func json(version: CNIVersion) -> [UInt8] { jsonValue(version: version).bytes }

    /// The result as a JSON value of a version.
    public func jsonValue(version: CNIVersion) -> JSONValue {
        var members = JSONMembers()
        members["cniVersion"] = .string(version.description)
        members["interfaces"] = .array(interfaces.map { $0.jsonValue(version: version) })
        members["ips"] = .array(ips.map { $0.jsonValue(version: version) })
        members["routes"] = .array(routes.map { $0.jsonValue(version: version) })
        if !dns.isEmpty { members["dns"] = dns.jsonValue }
        return members.object
    }
}

/// Collects the members of an object, leaving out those that are nil.
private struct JSONMembers {
    private var members: [(key: String, value: JSONValue)] = []

    var object: JSONValue { .object(members) }

    subscript(key: String) -> JSONValue? {
        get { members.last { $0.key == key }?.value }
        set {
            if let newValue { members.append((key: key, value: newValue)) }
        }
    }
}

extension CNIResult.Interface {
    fileprivate func jsonValue(version: CNIVersion) -> JSONValue {
        var members = JSONMembers()
        members["name"] = .string(name)
        members["mac"] = mac.isEmpty ? nil : .string(mac)
        if version >= .v1_1_0 { members["mtu"] = mtu.map { .integer($0) } }
        members["sandbox"] = sandbox.map { .string($0) }
        return members.object
    }
}

extension CNIResult.IPConfig {
    fileprivate func jsonValue(version: CNIVersion) -> JSONValue {
        var members = JSONMembers()
        if version < .v1_0_0 { members["version"] = address.family == .ipv4 ? "4" : "6" }
        members["interface"] = interface.map { .integer($0) }
        members["address"] = .string("\(address)/\(prefixLength)")
        members["gateway"] = gateway.map { .string("\($0)") }
        return members.object
    }
}

extension CNIResult.Route {
    fileprivate func jsonValue(version: CNIVersion) -> JSONValue {
        var members = JSONMembers()
        members["dst"] = .string("\(destination)")
        members["gw"] = gateway.map { .string("\($0)") }
        if version >= .v1_1_0 {
            members["mtu"] = mtu.map { .integer($0) }
            members["advmss"] = advertisedMSS.map { .integer($0) }
            members["priority"] = priority.map { .integer($0) }
            members["table"] = table.map { .integer($0) }
            members["scope"] = scope.map { .integer($0) }
        }
        return members.object
    }
}

extension CNIResult.DNS {
    fileprivate var jsonValue: JSONValue {
        func list(_ texts: [String]) -> JSONValue? { texts.isEmpty ? nil : .array(texts.map { .string($0) }) }
        var members = JSONMembers()
        members["nameservers"] = list(nameservers)
        members["domain"] = domain.isEmpty ? nil : .string(domain)
        members["search"] = list(search)
        members["options"] = list(options)
        return members.object
    }
}
