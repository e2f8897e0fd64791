// The agent's alone: the plugin passes it on, and is mapped the faster the smaller it is.
#if !hasFeature(Embedded)
extension BandwidthLimits {
    /// Bursts of 4 GiB and more do not fit the kernel's bucket.
    private static let burstLimit = UInt64(UInt32.max) * 8

    /// Reads what a runtime supplies as `bandwidth`; nil if it limits nothing.
    ///
    /// Messages call it `field`. Rate and burst of a direction come together; 0 is for none, as in the reference plugin.
    public init?(_ value: JSONValue, field: String) throws(CNIError) {
        guard case .object = value else {
            throw CNIError(.decoding, "\(field) is \(value.kind), not an object")
        }
        ingress = try Self.limit(value, "ingressRate", "ingressBurst", field)
        egress = try Self.limit(value, "egressRate", "egressBurst", field)
        if ingress == nil, egress == nil { return nil }
    }

    /// The limits as a runtime writes them.
    public var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        if let ingress {
            members.append((key: "ingressRate", value: .integer(ingress.rate)))
            members.append((key: "ingressBurst", value: .integer(ingress.burst)))
        }
        if let egress {
            members.append((key: "egressRate", value: .integer(egress.rate)))
            members.append((key: "egressBurst", value: .integer(egress.burst)))
        }
        return .object(members)
    }

    private static func limit(
        _ value: JSONValue, _ rateKey: String, _ burstKey: String, _ field: String
    ) throws(CNIError) -> Limit? {
        let rate = try number(value, rateKey, field)
        let burst = try number(value, burstKey, field)
        if rate == 0, burst == 0 { return nil }
        guard rate != 0 else {
            throw CNIError(.invalidConfig, "\(field).\(rateKey) is missing: \(burstKey) alone limits nothing")
        }
        guard burst != 0 else {
            throw CNIError(.invalidConfig, "\(field).\(burstKey) is missing: \(rateKey) alone lets nothing through")
        }
        guard rate >= 8 else {
            throw CNIError(.invalidConfig, "\(field).\(rateKey) is \(rate): at least 8 bits a second are due")
        }
        guard burst < burstLimit else {
            throw CNIError(
                .invalidConfig, "\(field).\(burstKey) is \(burst): fewer than \(burstLimit) bits (4 GiB) are due")
        }
        return Limit(rate: rate, burst: burst)
    }

    private static func number(_ value: JSONValue, _ key: String, _ field: String) throws(CNIError) -> UInt64 {
        let member = value[key] ?? .null
        if member.isNull { return 0 }
        guard case .number(let text) = member else {
            throw CNIError(.decoding, "\(field).\(key) is \(member.kind), not a number")
        }
        guard let number = UInt64(text) else {
            throw CNIError(.invalidConfig, "\(field).\(key) is \(text): a whole number of bits, 0 or more, is due")
        }
        return number
    }
}
#endif
