import NIOCore

/// Where others reach a daemon that was not told.
enum AdvertisedAddress {
    /// `ADDRESS:PORT` from what it listens on: the node's address for a wildcard (variable NODEIP, else the first
    /// address of an interface that is not loopback).
    static func address(host: String, port: Int, environment: DaemonEnvironment) -> String {
        let isWildcard = ["0.0.0.0", "::", "*", ""].contains(host)
        let address = isWildcard ? environment["NODEIP"] ?? firstAddress() ?? "127.0.0.1" : host
        return joined(address, port)
    }

    /// An address and a port as one text, the address in brackets when it has colons.
    static func joined(_ address: String, _ port: Int) -> String {
        (address.contains(":") ? "[\(address)]" : address) + ":" + String(port)
    }

    /// The address of an interface, IPv4 before IPv6; nil where it has none that others reach.
    static func address(ofInterface name: String) -> String? {
        let devices = ((try? System.enumerateDevices()) ?? []).filter { $0.name == name }
        let addresses = devices.compactMap { $0.address?.ipAddress }
        return addresses.first { !$0.contains(":") } ?? addresses.first { !$0.hasPrefix("fe80") }
    }

    private static func firstAddress() -> String? {
        let devices = (try? System.enumerateDevices()) ?? []
        let addresses = devices.compactMap { $0.address?.ipAddress }
        return addresses.first { !$0.hasPrefix("127.") && !$0.contains(":") }
            ?? addresses.first { $0.contains(":") && $0 != "::1" && !$0.hasPrefix("fe80") }
    }
}
