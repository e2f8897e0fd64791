import Glibc
import LinuxSystem

extension ProbeLoop {
    /// Begins to serve ports of a site in both families.
    func serve(_ name: String, tcp: [UInt16], udp: [UInt16], sctp: [UInt16]) throws(SystemError) {
        let site = try site(name)
        for family in [AF_INET, AF_INET6] {
            for port in tcp {
                let socket = try site.perform(from: home) { () throws(SystemError) in
                    try ProbeSocket(family, SOCK_STREAM)
                }
                try socket.bind(ProbeAddress(anyOf: family, port: port))
                try socket.listen()
                try watch(socket, .listener(name))
            }
            for port in udp {
                let socket = try site.perform(from: home) { () throws(SystemError) in
                    try ProbeSocket(family, SOCK_DGRAM)
                }
                try socket.bind(ProbeAddress(anyOf: family, port: port))
                try watch(socket, .echo(name))
            }
            if !sctp.isEmpty {
                let socket = try site.perform(from: home) { () throws(SystemError) in
                    try ProbeSocket(family, SOCK_RAW, Int32(IPPROTO_SCTP))
                }
                try watch(socket, .acknowledger(name, Set(sctp)))
            }
        }
    }

    /// Closes the servers of a site and forgets it; what it began goes on.
    func remove(_ name: String) {
        sites[name] = nil
        forget(where: { role in
            switch role {
            case .listener(name), .echo(name), .acknowledger(name, _): true
            default: false
            }
        })
    }

    func site(_ name: String) throws(SystemError) -> ProbeSite {
        guard let site = sites[name] else {
            throw SystemError(operation: "find the site", subject: name, errno: .ENOENT)
        }
        return site
    }

    /// Takes every connection that waits, and says whose it is.
    func take(_ listener: ProbeSocket, _ site: String) {
        while let connection = listener.accept() {
            connection.resetsAtEnd()
            connection.send(Array("\(site)\n".utf8))
            _ = try? watch(connection, .served)
        }
    }

    /// Sends datagrams back, with the site's name behind them.
    func echo(_ socket: ProbeSocket, _ site: String) {
        while let datagram = socket.readDatagram() { datagram.answer(datagram.bytes + Array(site.utf8)) }
    }

    /// Agrees to associations that are asked for, with the site's name as the cookie.
    func acknowledge(_ socket: ProbeSocket, _ site: String, _ ports: Set<UInt16>) {
        while let datagram = socket.readDatagram() {
            guard let packet = SCTPPacket(datagram.bytes, isIPv4: socket.family == AF_INET),
                packet.chunk == .initiation, ports.contains(packet.destination)
            else { continue }
            datagram.answer(packet.acknowledged(cookie: Array(site.utf8)).bytes)
        }
    }

    /// Sends back what came through a connection.
    func echoStream(_ socket: ProbeSocket, _ token: UInt64) {
        switch socket.read() {
        case .bytes(let bytes): socket.send(bytes)
        case .end, .failed: forget(token)
        case .nothing: break
        }
    }
}
