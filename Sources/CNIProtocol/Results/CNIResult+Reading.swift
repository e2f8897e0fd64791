import Addresses

extension CNIResult {
    /// Reads a result of any version since 0.3.0, as a plugin printed it or a runtime kept it (`prevResult`).
    ///
    /// Code 6 for what is not a result; fields that are not ours are passed over.
    public init(parsing document: JSONValue) throws(CNIError) {
        let result = ResultPart(document, "result")
        guard case .object = document else { throw result.fault("is \(document.kind), not an object") }
        self.init(
            interfaces: try result.parts("interfaces").map { (part) throws(CNIError) in try Interface(part) },
            ips: try result.parts("ips").map { (part) throws(CNIError) in try IPConfig(part) },
            routes: try result.parts("routes").map { (part) throws(CNIError) in try Route(part) },
            dns: try result.part("dns").map { (part) throws(CNIError) in try DNS(part) } ?? DNS())
        for (index, address) in ips.enumerated() {
            guard let interface = address.interface else { continue }
            guard interfaces.indices.contains(interface) else {
                throw result.fault("has interface \(interface) in ips[\(index)], of \(interfaces.count)")
            }
        }
    }
}

/// A part of a result with its place in it for messages.
private struct ResultPart {
    let value: JSONValue
    let place: String

    init(_ value: JSONValue, _ place: String) {
        self.value = value
        self.place = place
    }

    func fault(_ text: String) -> CNIError { CNIError(.decoding, "\(place) \(text)") }

    func part(_ key: String) -> ResultPart? {
        guard let member = value[key], !member.isNull else { return nil }
        return ResultPart(member, "\(place).\(key)")
    }

    func parts(_ key: String) throws(CNIError) -> [ResultPart] {
        guard let part = part(key) else { return [] }
        guard let elements = part.value.arrayValue else { throw part.fault("is \(part.value.kind), not an array") }
        return elements.enumerated().map { ResultPart($1, "\(part.place)[\($0)]") }
    }

    func text(_ key: String) throws(CNIError) -> String? {
        guard let part = part(key) else { return nil }
        guard let text = part.value.stringValue else { throw part.fault("is \(part.value.kind), not a string") }
        return text
    }

    func texts(_ key: String) throws(CNIError) -> [String] {
        try parts(key).map { (part) throws(CNIError) in
            guard let text = part.value.stringValue else { throw part.fault("is \(part.value.kind), not a string") }
            return text
        }
    }

    func integer(_ key: String) throws(CNIError) -> Int? {
        guard let part = part(key) else { return nil }
        guard let number = part.value.intValue else { throw part.fault("is \(part.value), not a whole number") }
        return number
    }

    func address(_ key: String) throws(CNIError) -> IPAddress? {
        guard let text = try text(key), !text.isEmpty else { return nil }
        guard let address = IPAddress(text) else { throw fault("has \(key) \"\(text)\", which is not an address") }
        return address
    }

    func required<T>(_ key: String, _ value: T?) throws(CNIError) -> T {
        guard let value else { throw fault("has no \(key)") }
        return value
    }
}

extension CNIResult.Interface {
    fileprivate init(_ part: ResultPart) throws(CNIError) {
        let sandbox = try part.text("sandbox") ?? ""
        self.init(
            name: try part.required("name", part.text("name")), mac: try part.text("mac") ?? "",
            mtu: try part.integer("mtu"), sandbox: sandbox.isEmpty ? nil : sandbox)
    }
}

extension CNIResult.IPConfig {
    fileprivate init(_ part: ResultPart) throws(CNIError) {
        let text = try part.required("address", part.text("address"))
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let address = IPAddress(String(halves[0])), let length = Int(halves[1]),
            (0...address.family.bits).contains(length)
        else { throw part.fault("has address \"\(text)\", which is not an address with the length of its prefix") }
        self.init(
            address: address, prefixLength: length, gateway: try part.address("gateway"),
            interface: try part.integer("interface"))
    }
}

extension CNIResult.Route {
    fileprivate init(_ part: ResultPart) throws(CNIError) {
        let text = try part.required("dst", part.text("dst"))
        guard let destination = IPPrefix(text) else { throw part.fault("has dst \"\(text)\", which is not a prefix") }
        self.init(
            destination: destination, gateway: try part.address("gw"), mtu: try part.integer("mtu"),
            advertisedMSS: try part.integer("advmss"), priority: try part.integer("priority"),
            table: try part.integer("table"), scope: try part.integer("scope"))
    }
}

extension CNIResult.DNS {
    fileprivate init(_ part: ResultPart) throws(CNIError) {
        self.init(
            nameservers: try part.texts("nameservers"), domain: try part.text("domain") ?? "",
            search: try part.texts("search"), options: try part.texts("options"))
    }
}
