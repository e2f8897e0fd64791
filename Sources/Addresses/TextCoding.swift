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
