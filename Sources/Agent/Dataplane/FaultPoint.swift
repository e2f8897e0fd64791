import LinuxSystem

/// Places at which a test can have the agent killed, as if the kernel's OOM killer had struck there.
///
/// `ROMANA_FAULT=add-veth` kills the agent when it passes the point first, `add-veth:3` the third time.
/// Release builds hold no trace of it.
struct FaultPoint {
    #if DEBUG
    private let point: Substring
    private var remaining: Int

    init(_ text: String?) {
        let parts = (text ?? "").split(separator: ":")
        point = parts.first ?? ""
        remaining = parts.count > 1 ? Int(parts[1]) ?? 1 : 1
    }

    /// Passes a point; may not return.
    mutating func pass(_ name: String) {
        guard point == name else { return }
        remaining -= 1
        if remaining == 0 { ProcessIdentity.killSelf() }
    }
    #else
    init(_ text: String?) {}

    @inline(__always)
    mutating func pass(_ name: String) {}
    #endif
}
