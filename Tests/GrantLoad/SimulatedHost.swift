/// One host of a load: what it still has to ask for, and what it got.
struct SimulatedHost {
    /// Its name.
    let name: String
    /// Its address.
    let ip: String
    /// The daemon it asks now, by number.
    var daemon: Int
    /// Whether its registration is still to be sent.
    var mustRegister = false
    /// How many claims are still to be sent.
    var claims = 0
    /// How many were sent in all; they are the names of its requests.
    var claimed = 0
    /// When the request under way was first sent; nil while there is none.
    var since: UInt64?
    /// The blocks it was granted.
    var blocks: [String] = []

    /// The host of a number.
    init(number: Int, daemon: Int) {
        name = "host-\(number)"
        ip = "10.\(200 + number >> 16).\(number >> 8 & 255).\(number & 255)"
        self.daemon = daemon
    }

    /// Whether it has all it asked for.
    var isDone: Bool { !mustRegister && claims == 0 }

    /// The next request, as it goes over the wire.
    func request(network: String) -> String {
        let (path, body): (String, String)
        if mustRegister {
            path = "/v1/hosts"
            body = #"{"name":"\#(name)","ip":"\#(ip)"}"#
        } else {
            path = "/v1/hosts/\(name)/blocks"
            body = #"{"network":"\#(network)","count":1,"request":"claim-\#(claimed + 1)"}"#
        }
        return "POST \(path) HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
