/// The forms that the CNI specification and the kernel demand of names.
public enum CNINames {
    /// Whether a text may be a container id or the name of a network: a letter or digit, then letters, digits, dots,
    /// underscores and hyphens (CNI spec 1.1, sections 1 and 2).
    public static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { byte in
            isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        }
    }

    /// What is wrong with the name of an interface, nil if nothing: 1 to 15 bytes, not `.` or `..`, without slash,
    /// colon or white space (kernel `dev_valid_name`, and the colon for what follows it in `ip addr` labels).
    public static func fault(interfaceName name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.utf8.count > 15 { return "is longer than 15 bytes" }
        if name == "." || name == ".." { return "is a folder's name" }
        let forbidden = name.unicodeScalars.contains { scalar in
            scalar == "/" || scalar == ":" || scalar.value <= 0x20 || (0x7F...0xA0).contains(scalar.value)
        }
        return forbidden ? "holds a slash, a colon, white space or a control character" : nil
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
