import Glibc

/// Where a line for people goes.
enum Terminal: Int32 {
    /// Standard output.
    case output = 1
    /// Standard error.
    case error = 2
}

/// Writes a line for people.
func print(_ text: String, to terminal: Terminal) {
    var line = text + "\n"
    line.withUTF8 { _ = write(terminal.rawValue, $0.baseAddress, $0.count) }
}
