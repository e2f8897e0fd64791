import ArgumentParser

/// Options of the services of Romana's first generation that have another name today, or none.
struct FirstGenerationOptions: ParsableArguments {
    @Option(help: "The address to listen on; --host.")
    var ipAddress: String?
    @Option(help: "The interface whose address to listen on, where neither --ip-address nor --host says one.")
    var interface: String?
    @Option(help: .hidden)
    var apiServer: String?

    /// Refuses what has no meaning any more.
    func validate() throws {
        guard apiServer == nil else {
            throw ValidationError(
                "--api-server: the daemon asks nothing of it; the listener does (romana-agent --kubernetes-api)")
        }
    }

    /// What today's options say, and these where they say nothing.
    func applied(
        to serving: ServingOptions, in environment: DaemonEnvironment
    ) throws(DaemonError) -> ServingOptions {
        var serving = serving
        guard environment.value(serving.host, "host") == nil else { return serving }
        serving.host = environment.value(ipAddress, "ip-address")
        if serving.host == nil, let interface = environment.value(interface, "interface") {
            guard let address = AdvertisedAddress.address(ofInterface: interface) else {
                throw DaemonError(.invalid, "read --interface: \(interface) has no address, or is not there")
            }
            serving.host = address
        }
        return serving
    }
}
