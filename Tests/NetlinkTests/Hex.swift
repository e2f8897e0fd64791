import Testing

@testable import Netlink

/// Bytes from hexadecimal text; what follows a `#` on a line explains it.
func hex(_ text: String) -> [UInt8] {
    text.split(separator: "\n")
        .flatMap { line in line.prefix { $0 != "#" }.split(separator: " ") }
        .compactMap { UInt8($0, radix: 16) }
}

/// The requests that an operation becomes, as they are sent.
func encoded(_ operation: NetworkOperation) throws -> [UInt8] {
    let buffer = try RequestBuffer()
    try operation.encode(into: buffer, owner: 0)
    return Array(buffer.bytes())
}
