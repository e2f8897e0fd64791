/// Reads the fields of a network configuration; an explicit `null` counts as absent.
struct ConfigFields {
    let document: JSONValue

    func version() throws(CNIError) -> CNIVersion {
        let supported = CNIVersion.supported.map { $0.description }.joined(separator: ", ")
        guard let text = try string("cniVersion"), !text.isEmpty else {
            throw CNIError(
                .incompatibleVersion,
                "the network config has no cniVersion, which means 0.1.0; served are \(supported)")
        }
        guard let version = CNIVersion(text), version.isSupported else {
            throw CNIError(.incompatibleVersion, "cniVersion \"\(text)\" is not served; served are \(supported)")
        }
        return version
    }

    func networkName() throws(CNIError) -> String {
        let name = try string("name") ?? ""
        guard !name.isEmpty else { throw CNIError(.invalidConfig, "the network config has no name") }
        guard CNINames.isIdentifier(name) else {
            throw CNIError(
                .invalidConfig, "name is \"\(name)\": a letter or digit, then letters, digits, '.', '_', '-'")
        }
        return name
    }

    /// A path that fits the kernel's `sockaddr_un`.
    func socketPath(_ key: String) throws(CNIError) -> String? {
        guard let path = try string(key) else { return nil }
        guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count < 108, !path.utf8.contains(0) else {
            throw CNIError(.invalidConfig, "\(key) is \"\(path)\": an absolute path of at most 107 bytes is due")
        }
        return path
    }

    func mtu() throws(CNIError) -> Int? {
        guard let value = present("mtu") else { return nil }
        guard case .number = value else { throw wrong("mtu", value, "a number") }
        guard let mtu = value.intValue, mtu == 0 || (68...65_535).contains(mtu) else {
            throw CNIError(.invalidConfig, "mtu is \(value): 68 to 65535, or 0 for the agent's choice")
        }
        return mtu == 0 ? nil : mtu
    }

    func attachments() throws(CNIError) -> [NetworkConfig.Attachment]? {
        // Runtimes built on libcni send both keys, older ones the second alone.
        for key in ["cni.dev/valid-attachments", "cni.dev/attachments"] {
            guard let value = document[key] else { continue }
            if value.isNull { return [] }
            guard let elements = value.arrayValue else { throw wrong(key, value, "an array") }
            return try elements.map { (element) throws(CNIError) in try attachment(element, in: key) }
        }
        return nil
    }

    private func attachment(_ value: JSONValue, in key: String) throws(CNIError) -> NetworkConfig.Attachment {
        guard let container = value["containerID"]?.stringValue, let ifname = value["ifname"]?.stringValue else {
            throw CNIError(.decoding, "\(key) holds \(value): containerID and ifname are due, as strings")
        }
        return NetworkConfig.Attachment(containerID: container, ifname: ifname)
    }

    func string(_ key: String) throws(CNIError) -> String? {
        guard let value = present(key) else { return nil }
        guard let text = value.stringValue else { throw wrong(key, value, "a string") }
        return text
    }

    func strings(_ key: String) throws(CNIError) -> [String]? {
        guard let value = present(key) else { return nil }
        let texts = value.arrayValue?.compactMap { $0.stringValue }
        guard let texts, texts.count == value.arrayValue?.count else { throw wrong(key, value, "an array of strings") }
        return texts
    }

    func object(_ key: String) throws(CNIError) -> JSONValue? {
        guard let value = present(key) else { return nil }
        guard case .object = value else { throw wrong(key, value, "an object") }
        return value
    }

    /// The keys of an object whose value is `true`.
    func flags(_ key: String) throws(CNIError) -> [String] {
        guard let members = try object(key)?.members else { return [] }
        var names: [String] = []
        for member in members {
            guard let isOn = member.value.boolValue else {
                throw wrong("\(key).\(member.key)", member.value, "a boolean")
            }
            if isOn { names.append(member.key) }
        }
        return names
    }

    private func present(_ key: String) -> JSONValue? {
        guard let value = document[key], !value.isNull else { return nil }
        return value
    }

    private func wrong(_ key: String, _ value: JSONValue, _ due: String) -> CNIError {
        CNIError(.decoding, "\(key) is \(value.kind), not \(due)")
    }
}
