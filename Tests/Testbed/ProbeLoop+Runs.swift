import Glibc
import LinuxSystem

extension ProbeLoop {
    /// Begins a run.
    func begin(
        _ probes: [Probe], patience: Duration, completion: @escaping @Sendable ([ProbeOutcome]) -> Void
    ) throws(SystemError) {
        // All sockets first, so that no probe waits for the making of another's.
        var sending: [() -> Void] = []
        let run = ProbeRun(number: nextNumber(), probes, completion: completion)
        let bySite = Dictionary(grouping: probes.indices) { probes[$0].from }
        for (name, indices) in bySite {
            let site = try site(name)
            try site.perform(from: home) { () throws(SystemError) in
                var askers: [AskerKind: ProbeSocket] = [:]
                for index in indices {
                    sending.append(try prepare(index, of: run, &askers))
                }
            }
        }
        sending.forEach { $0() }
        run.deadline = .now + patience
        runs.append(run)
    }

    private struct AskerKind: Hashable {
        let family: Int32
        let isICMP: Bool
    }

    /// Makes what one probe needs, in the namespace that the thread is in.
    /// - Returns: what sends it.
    private func prepare(
        _ index: Int, of run: ProbeRun, _ askers: inout [AskerKind: ProbeSocket]
    ) throws(SystemError) -> () -> Void {
        let probe = run.probes[index]
        guard let address = ProbeAddress(probe.address, port: probe.transport == .icmp ? 0 : probe.port) else {
            throw SystemError(operation: "read the address", subject: probe.address, errno: .EINVAL)
        }
        if probe.transport == .tcp {
            let socket = try ProbeSocket(address.family, SOCK_STREAM)
            socket.resetsAtEnd()
            return { [self] in
                let refusal = socket.connect(address)
                if refusal != 0 { return run.decide(index, Self.outcome(of: refusal)) }
                if let token = try? watch(socket, .attempt(run, index)) { run.tokens.append(token) }
            }
        }
        let isICMP = probe.transport == .icmp
        let kind = AskerKind(family: address.family, isICMP: isICMP)
        let asker: ProbeSocket
        if let known = askers[kind] {
            asker = known
        } else {
            asker = try Self.asker(address.family, isICMP)
            askers[kind] = asker
            let headerBytes = isICMP ? (address.family == AF_INET ? 28 : 8) : 0
            run.tokens.append(try watch(asker, .asker(run, headerBytes: headerBytes)))
        }
        let question = run.question(index)
        let packet = isICMP ? ICMPEcho.request(address.family, question) : question
        return {
            let refusal = asker.send(packet, to: address)
            if refusal != 0 { run.decide(index, Self.outcome(of: refusal)) }
        }
    }

    private static func asker(_ family: Int32, _ isICMP: Bool) throws(SystemError) -> ProbeSocket {
        guard isICMP else { return try ProbeSocket(family, SOCK_DGRAM) }
        return try ProbeSocket(family, SOCK_RAW, Int32(family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6))
    }

    private static func outcome(of number: Int32) -> ProbeOutcome {
        number == ECONNREFUSED ? .refused : .unreachable(Errno(rawValue: number).name)
    }

    /// A connection of a run has come about, or not.
    func conclude(_ socket: ProbeSocket, _ token: UInt64, _ run: ProbeRun, _ index: Int) {
        switch socket.read() {
        case .nothing: return
        case .bytes(let bytes):
            run.decide(index, .answered(by: String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)))
        case .end: run.decide(index, .refused)
        case .failed(let number): run.decide(index, Self.outcome(of: number))
        }
        forget(token)
    }

    /// Echoes of a run have arrived.
    func hear(_ socket: ProbeSocket, _ run: ProbeRun, _ headerBytes: Int) {
        while case .bytes(let bytes) = socket.read() {
            // Raw sockets see requests as well, for the own address even the own ones.
            if headerBytes > 0, !ICMPEcho.isReply(bytes, socket.family) { continue }
            guard let answer = run.answer(in: bytes.dropFirst(headerBytes)) else { continue }
            run.decide(answer.index, .answered(by: answer.site))
        }
    }
}
