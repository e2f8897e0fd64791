import Addresses
import Logging
import Topology

extension Cluster {
    /// Gives out an address to whoever is no pod, on a host.
    func reserve(_ request: ReservationRequest) async throws(DaemonError) -> Reservation {
        let ask = try request.checked()
        let reservation = try await settleReservation("allocate an address for \(ask.name)") {
            state throws(DaemonError) in
            try state.plan(ask)
        }
        logger.info(
            "gave out an address",
            metadata: ["name": "\(ask.name)", "address": "\(reservation.address)", "host": "\(ask.host)"])
        return reservation
    }

    /// Takes back an address, by its name or by itself.
    func free(reservation text: String) async throws(DaemonError) {
        let reservation = try await settleReservation("free address \(text)") { state throws(DaemonError) in
            try state.release(reservation: text)
        }
        logger.info(
            "took back an address", metadata: ["name": "\(reservation.name)", "address": "\(reservation.address)"])
    }

    private func settleReservation(
        _ doing: String, _ decide: (borrowing ClusterState) throws(DaemonError) -> ReservationPlan
    ) async throws(DaemonError) -> Reservation {
        var refusal: DaemonError?
        for round in 0..<Self.attempts {
            let seen = mirror.read { $0.reached }
            let plan: ReservationPlan
            do throws(DaemonError) {
                plan = try mirror.read { state throws(DaemonError) in try decide(state) }
            } catch {
                // The mirror may be behind what another daemon has just done: a refusal stands when nothing came since.
                guard error.isFinal, round == 0 || refusal != error else { throw error }
                refusal = error
                await mirror.wait(atMost: .milliseconds(50)) { $0.reached != seen }
                continue
            }
            let outcome = try await store.commit(plan.transaction)
            if outcome.succeeded {
                await show(outcome, of: plan.transaction)
                return plan.reservation
            }
            await learn(from: outcome, seen: seen)
        }
        throw givenUp(doing)
    }
}
