import Hummingbird

extension API {
    func addReservations(to routes: inout Routes) {
        routes.on(
            .post, "/address",
            Operation(
                id: "allocateAddress", summary: "Gives out an address to whoever is no pod, on a host.",
                body: .named(.reservationRequest), answer: .address, refusals: [409, 422])
        ) { request, _ in
            try Self.checkAccept(request)
            let body = try await JSONBody.read(
                ReservationRequest.self, from: request, what: "the request for an address", within: deadline / 2)
            return try JSONBody.response(try await cluster.reserve(body).address)
        }
        let name = Operation.QueryParameter(
            name: "addressName", schema: .text(length: 1...ReservationRequest.longestName),
            meaning: "Its name, or the address itself.", isRequired: true)
        routes.on(
            .delete, "/address",
            Operation(id: "freeAddress", summary: "Takes an address back.", query: [name], refusals: [404])
        ) { request, _ in
            try Self.checkAccept(request)
            let values = request.uri.queryParameters[values: "addressName"].map(String.init)
            guard values.count == 1, let text = values.first, !text.isEmpty else {
                throw DaemonError(
                    .invalid, "free an address: addressName must be given once", type: "IP or address")
            }
            try await cluster.free(reservation: text)
            return JSONBody.response(bytes: JSONBody.null)
        }
        let list = Schema.object([.always("addresses", .list(.named(.reservation))), .always("revision", .count)])
        routes.get(
            "/v1/addresses",
            Operation(id: "listAddresses", summary: "The addresses that were given out by the API.", answer: list)
        ) { [cluster] _ in
            try cluster.mirror.read { state throws(DaemonError) in
                try state.requireComplete()
                return ReservationsBody(
                    addresses: state.reservations.values.map(\.value).sorted { $0.name < $1.name },
                    revision: state.changed[.addresses] ?? 0)
            }
        }
    }
}

/// The answer of `GET /v1/addresses`.
struct ReservationsBody: Encodable, Sendable {
    /// Every one, by name.
    var addresses: [Reservation]
    /// The revision of etcd that last changed one.
    var revision: Int64
}
