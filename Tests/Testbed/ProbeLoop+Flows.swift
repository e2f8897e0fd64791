import Glibc
import LinuxSystem

extension ProbeLoop {
    /// Opens flows; those that do not come about are nil.
    func open(
        _ probes: [Probe], patience: Duration, completion: @escaping @Sendable ([ProbeFlow?]) -> Void
    ) throws(SystemError) {
        var states: [ProbeFlowState] = []
        let numbers = probes.map { _ in nextNumber() }
        for (number, probe) in zip(numbers, probes) {
            let state = try open(probe)
            flows[number] = state
            states.append(state)
        }
        let exchange = ProbeExchange(states: states, deadline: .now + patience) { [self] echoes in
            let opened = zip(numbers, probes).map { ProbeFlow(number: $0, probe: $1) }
            close(zip(opened, echoes).filter { $1 != .echoed }.map(\.0))
            completion(zip(opened, echoes).map { $1 == .echoed ? $0 : nil })
        }
        exchanges.append(exchange)
    }

    private func open(_ probe: Probe) throws(SystemError) -> ProbeFlowState {
        guard let address = ProbeAddress(probe.address, port: probe.port), probe.transport != .icmp else {
            throw SystemError(operation: "open a flow", subject: probe.description, errno: .EINVAL)
        }
        let isStream = probe.transport == .tcp
        let socket = try site(probe.from).perform(from: home) { () throws(SystemError) in
            try ProbeSocket(address.family, isStream ? SOCK_STREAM : SOCK_DGRAM)
        }
        if isStream { socket.resetsAtEnd() }
        let state = ProbeFlowState(socket, isStream: isStream)
        let refusal = socket.connect(address)
        guard refusal == 0 else {
            throw SystemError(operation: "open", subject: probe.description, errno: Errno(rawValue: refusal))
        }
        state.token = try watch(socket, .flow(state))
        // A server greets who connects; datagrams have to ask.
        state.expect(isStream ? [10] : Array("hello".utf8), sends: !isStream)
        return state
    }

    /// Sends a word through flows and waits for its echo.
    func exchange(
        _ asked: [ProbeFlow], patience: Duration, completion: @escaping @Sendable ([ProbeEcho]) -> Void
    ) throws(SystemError) {
        let word = Array("word \(nextNumber());".utf8)
        var states: [ProbeFlowState] = []
        for flow in asked {
            guard let state = flows[flow.number] else {
                throw SystemError(operation: "find the flow", subject: flow.description, errno: .ENOENT)
            }
            states.append(state)
        }
        for state in states { state.expect(word) }
        exchanges.append(ProbeExchange(states: states, deadline: .now + patience, completion: completion))
    }

    /// Ends flows.
    func close(_ ended: [ProbeFlow]) {
        for flow in ended {
            if let state = flows.removeValue(forKey: flow.number) { forget(state.token) }
        }
    }
}
