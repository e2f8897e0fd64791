public import Addresses
public import ArgumentParser
public import Etcd

/// What a program is told that serves a daemon beside other work: the options of romana-daemon but those of etcd.
public struct DaemonOptions: ParsableArguments, Sendable {
    @OptionGroup(title: "Daemon duty") var serving: ServingOptions
    @OptionGroup(title: "First topology, of the daemon duty") var topology: TopologyOptions

    /// Takes its values from the command line.
    public init() {}

    /// Whether the options name the file of a topology.
    public var namesFile: Bool { topology.initialNetwork != nil || topology.initialTopologyFile != nil }

    /// The port that the options name; nil when they name none.
    public var port: Int? { serving.port }

    /// The AWS region that the options or their variables name; nil when they name none.
    public var region: String? { DaemonEnvironment.process.value(topology.awsRegion, "aws-region") }

    /// The settings that the options and the process's environment come to.
    ///
    /// - Parameters:
    ///   - etcd: where etcd is.
    ///   - prefix: what all keys begin with.
    ///   - addresses: the node's, by which others reach the daemon unless an option says otherwise.
    ///   - serviceRange: addresses of Services, by comma; empty to tell them by the Service `kubernetes`.
    ///   - region: the AWS region of the program's other work, for when the options name none.
    ///   - isDebug: whether everything is logged.
    public func configuration(
        etcd: EtcdConfiguration, prefix: String, addresses: [IPAddress], serviceRange: String, region: String? = nil,
        isDebug: Bool
    ) throws -> DaemonConfiguration {
        var topology = topology
        topology.awsRegion = self.region ?? region
        var services = ServiceRangeOptions()
        services.serviceClusterIpRange = serviceRange.isEmpty ? nil : serviceRange
        let environment = DaemonEnvironment.process
        var configuration = try DaemonConfiguration(
            etcd: etcd, etcdPrefix: prefix, serving: serving, topology: topology, services: services,
            isDebug: isDebug, environment: environment,
            // Others are to reach it, in every family that they have.
            defaultHost: addresses.contains { $0.family == .ipv6 } ? "::" : "0.0.0.0")
        if ["0.0.0.0", "::"].contains(configuration.host), environment.value(serving.advertise, "advertise") == nil,
            let address = addresses.first
        {
            configuration.advertise = AdvertisedAddress.joined("\(address)", configuration.port)
        }
        return configuration
    }
}
