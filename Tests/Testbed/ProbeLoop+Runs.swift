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

    /// What a raw socket is like that sends for all probes of a site.
    struct AskerKind: Hashable {
        let family: Int32
        let isSCTP: Bool

        func open() throws(SystemError) -> ProbeSocket {
            let icmp = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6
            return try ProbeSocket(family, SOCK_RAW, Int32(isSCTP ? IPPROTO_SCTP : icmp))
        }
    }

    /// Makes what one probe needs, in the namespace that the thread is in.
    /// - Returns: what sends it.
    private func prepare(
        _ index: Int, of run: ProbeRun, _ askers: inout [AskerKind: ProbeSocket]
    ) throws(SystemError) -> () -> Void {
        let probe = run.probes[index]
        let isRaw = probe.transport == .icmp || probe.transport == .sctp
        guard let address = ProbeAddress(probe.address, port: isRaw ? 0 : probe.port) else {
            throw SystemError(operation: "read the address", subject: probe.address, errno: .EINVAL)
        }
        if !isRaw {
            let isStream = probe.transport == .tcp
            let socket = try ProbeSocket(address.family, isStream ? SOCK_STREAM : SOCK_DGRAM)
            if isStream { socket.resetsAtEnd() }
            return { [self] in
                var refusal = socket.connect(address)
                if refusal == 0, !isStream { refusal = socket.send(run.question(index)) }
                if refusal != 0 { return run.decide(index, Self.outcome(of: refusal)) }
                if let token = try? watch(socket, .attempt(run, index)) { run.tokens.append(token) }
            }
        }
        let kind = AskerKind(family: address.family, isSCTP: probe.transport == .sctp)
        let asker: ProbeSocket
        if let known = askers[kind] {
            asker = known
        } else {
            asker = try kind.open()
            askers[kind] = asker
            run.tokens.append(try watch(asker, .asker(run, kind)))
        }
        let packet = question(index, of: run, kind)
        return {
            let refusal = asker.send(packet, to: address)
            if refusal != 0 { run.decide(index, Self.outcome(of: refusal)) }
        }
    }

    private func question(_ index: Int, of run: ProbeRun, _ kind: AskerKind) -> [UInt8] {
        guard kind.isSCTP else { return ICMPEcho.request(kind.family, run.question(index)) }
        return SCTPPacket(
            .initiation, from: nextPort(), to: run.probes[index].port, tag: run.tag &+ UInt32(index)
        ).bytes
    }

    private static func outcome(of number: Int32) -> ProbeOutcome {
        number == ECONNREFUSED ? .refused : .unreachable(Errno(rawValue: number).name)
    }

    /// A connection of a run has come about, or not; or a datagram was answered.
    func conclude(_ socket: ProbeSocket, _ token: UInt64, _ run: ProbeRun, _ index: Int) {
        switch socket.read() {
        case .nothing: return
        case .bytes(let bytes):
            if run.probes[index].transport == .tcp {
                run.decide(index, .answered(by: String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)))
            } else {
                decide(run, bytes[...])
            }
        case .end: run.decide(index, .refused)
        case .failed(let number): run.decide(index, Self.outcome(of: number))
        }
        forget(token)
    }

    /// Answers to raw packets of a run have arrived, among everything else of their protocol.
    func hear(_ socket: ProbeSocket, _ run: ProbeRun, _ kind: AskerKind) {
        let isIPv4 = kind.family == AF_INET
        while case .bytes(let bytes) = socket.read() {
            guard kind.isSCTP else {
                if ICMPEcho.isReply(bytes, kind.family) { decide(run, bytes.dropFirst(isIPv4 ? 28 : 8)) }
                continue
            }
            guard let packet = SCTPPacket(bytes, isIPv4: isIPv4), packet.chunk == .acknowledgement else { continue }
            let index = Int(packet.verification &- run.tag)
            run.decide(index, .answered(by: String(decoding: packet.cookie, as: UTF8.self)))
        }
    }

    private func decide(_ run: ProbeRun, _ bytes: ArraySlice<UInt8>) {
        if let answer = run.answer(in: bytes) { run.decide(answer.index, .answered(by: answer.site)) }
    }
}
