/// Bytes from hexadecimal text; what follows a `#` on a line explains it, and `--` is for padding, whatever it holds.
func hex(_ text: String) -> [UInt8] { words(text).map { UInt8($0, radix: 16) ?? 0 } }

/// Bytes as they are, but for those that are padding by the text.
func withoutPadding(_ bytes: [UInt8], as text: String) -> [UInt8] {
    let words = words(text)
    return bytes.indices.map { words.indices.contains($0) && words[$0] == "--" ? 0 : bytes[$0] }
}

private func words(_ text: String) -> [Substring] {
    text.split(separator: "\n").flatMap { line in line.prefix { $0 != "#" }.split(separator: " ") }
}
