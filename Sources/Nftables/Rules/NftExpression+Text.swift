extension NftExpression: CustomStringConvertible {
    /// What it does, in words close to those of `nft --debug=netlink`.
    public var description: String {
        switch self {
        case .meta(let property, let register): "meta \(property) => r\(register.rawValue)"
        case .payload(let header, let offset, let length, let register):
            "\(header) \(length)@\(offset) => r\(register.rawValue)"
        case .connection(let property, let register): "ct \(property) => r\(register.rawValue)"
        case .destinationKind(let register): "fib daddr type => r\(register.rawValue)"
        case .compare(let register, let comparison, let bytes):
            "r\(register.rawValue) \(comparison.sign) 0x\(Self.hex(bytes))"
        case .bitwise(let source, let target, let mask, let xor):
            "r\(source.rawValue) & 0x\(Self.hex(mask)) ^ 0x\(Self.hex(xor)) => r\(target.rawValue)"
        case .lookup(let register, let set, let isInverted):
            "r\(register.rawValue) \(isInverted ? "!= " : "")@\(set)"
        case .map(let register, let set, let target): "r\(register.rawValue) map @\(set) => r\(target.rawValue)"
        case .verdictMap(let register, let set): "r\(register.rawValue) vmap @\(set)"
        case .counter: "counter"
        case .limit(let rate, let burst): "limit rate \(rate)/second burst \(burst) packets"
        case .log(let group, let prefix): "log prefix \"\(prefix)\" group \(group)"
        case .translate(let translation, _, let address, let port):
            "\(translation) nat to r\(address.rawValue)\(port.map { ":r\($0.rawValue)" } ?? "")"
        case .masquerade: "masquerade"
        case .verdict(let verdict): verdict.description
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension NftExpression.Comparison {
    var sign: String {
        switch self {
        case .equal: "=="
        case .notEqual: "!="
        case .lessOrEqual: "<="
        case .greaterOrEqual: ">="
        }
    }
}
