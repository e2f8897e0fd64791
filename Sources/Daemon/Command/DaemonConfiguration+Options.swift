import AWS
import Etcd

extension DaemonConfiguration {
    /// What options and `environment` come to.
    ///
    /// Throws for values that cannot be and for files that cannot be used.
    init(
        etcd: EtcdConfiguration, etcdPrefix: String, serving: ServingOptions, topology: TopologyOptions,
        services: ServiceRangeOptions, isDebug: Bool, environment: DaemonEnvironment, defaultHost: String = "localhost"
    ) throws(DaemonError) {
        let first = try topology.choice(in: environment)
        let ranges = try services.ranges(in: environment)
        if case .document(let initial) = first { try initial.document.checkForUse(apartFrom: ranges) }
        let host = environment.value(serving.host, "host") ?? defaultHost
        let port = try serving.port(in: environment)
        self.init(
            etcd: etcd, etcdPrefix: etcdPrefix, host: host, port: port,
            certificate: try serving.certificate(in: environment),
            tokenFile: environment.value(serving.tokenFile, "token-file"),
            advertise: environment.value(serving.advertise, "advertise")
                ?? AdvertisedAddress.address(host: host, port: port, environment: environment),
            topology: first, metadata: MetadataEndpoint(environment: { environment[$0] }), serviceRanges: ranges,
            isDebug: isDebug)
    }
}
