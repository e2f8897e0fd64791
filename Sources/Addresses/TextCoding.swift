// Addresses in documents are strings. Embedded Swift, in which the CNI plugin is built, has no Codable.
#if !hasFeature(Embedded)
extension AddressFamily: Codable {}

extension IPAddress: Codable {
    /// Reads the address from a string.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText(IPAddress.init(parsing:))
    }

    /// Writes the address as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension IPPrefix: Codable {
    /// Reads the prefix from a string.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText(IPPrefix.init(parsing:))
    }

    /// Writes the prefix as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension MACAddress: Codable {
    /// Reads the address from a string.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText(MACAddress.init(parsing:))
    }

    /// Writes the address as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Decoder {
    /// Reads a single string and parses it; what `parse` says about the text becomes the decoder's own error, which
    /// knows the path of the value.
    func decodeText<Value>(_ parse: (String) throws(AddressError) -> Value) throws -> Value {
        let container = try singleValueContainer()
        let text = try container.decode(String.self)
        do throws(AddressError) {
            return try parse(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }
}
#endif
