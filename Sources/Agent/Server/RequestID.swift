/// Names of calls, by which a pod is followed through the runtime's, the agent's and the daemon's logs.
enum RequestID {
    /// The name of one CNI call: the beginning of the container's id, and digits that tell one call for it from another.
    static func cni(_ containerID: String) -> String {
        "\(containerID.prefix(12))-\(digits(UInt64.random(in: 0...0xffff), 4))"
    }

    /// The name of something that the agent does of itself.
    static func own(_ doing: String) -> String { "\(doing)-\(digits(UInt64.random(in: 0...0xffff_ffff), 8))" }

    private static func digits(_ number: UInt64, _ count: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
