import Addresses
import Topology

/// An address that was given out by the API and not by an agent, as it is stored under `addresses/NAME`.
struct Reservation: Codable, Sendable, Hashable {
    /// The name it was asked for under.
    var name: String
    /// The address.
    var address: IPAddress
    /// The host that traffic for it goes to.
    var host: String
    /// Whose it is.
    var tenant: String
    /// The part of the tenant.
    var segment: String
    /// The block that it is part of.
    var block: IPPrefix
    /// The network of the block.
    var network: String
}

/// The body of `POST /address`.
struct ReservationRequest: Codable, Sendable {
    /// A name for the address.
    var name: String?
    /// The host that traffic for it is to go to.
    var host: String?
    /// Whose it is; empty when left out.
    var tenant: String?
    /// The part of the tenant; `default` when left out or empty.
    var segment: String?

    /// The longest name in bytes.
    static let longestName = 512

    /// The same with everything filled in; throws an invalid request when a field cannot be.
    func checked() throws(DaemonError) -> ReservationAsk {
        let doing = "allocate an address"
        guard let name, !name.isEmpty else { throw DaemonError(.invalid, "\(doing): name is empty", type: "address") }
        guard name.utf8.count <= Self.longestName, name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != 0x2f })
        else {
            throw DaemonError(
                .invalid,
                "\(doing): name \"\(name.prefix(80))\" has a slash, a space or a control character, or is "
                    + "longer than \(Self.longestName) bytes", type: "address", id: name)
        }
        guard let host, !host.isEmpty else {
            throw DaemonError(.invalid, "\(doing) for \(name): host is empty", type: "address", id: name)
        }
        let part = segment ?? ""
        return ReservationAsk(name: name, host: host, tenant: tenant ?? "", segment: part.isEmpty ? "default" : part)
    }
}

/// A request for an address, everything filled in.
struct ReservationAsk: Sendable {
    var name: String
    var host: String
    var tenant: String
    var segment: String
}

extension BlockRecord {
    /// The keeper of blocks whose addresses daemons give out; agents leave them alone.
    static let daemon = "daemon"
}
