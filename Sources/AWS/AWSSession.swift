import HTTPTransfer
import Logging

/// Where in AWS we are, and as whom: found out once, when somebody asks first.
actor AWSSession {
    private let configuration: AWSConfiguration
    private let http: HTTPClient
    private let logger: Logger
    private let metadata: InstanceMetadata
    /// The time that requests are signed with, and that credentials end by.
    nonisolated let clock: ServiceClock
    private var region: String?
    private var vpcID: String?
    private var chain: CredentialChain?
    private var endpoints: [String: AWSEndpoint] = [:]

    init(_ configuration: AWSConfiguration, http: HTTPClient, logger: Logger) {
        self.configuration = configuration
        self.http = http
        self.logger = logger
        metadata = InstanceMetadata(MetadataEndpoint(environment: configuration.environment), http: http)
        clock = ServiceClock(logger: logger)
    }

    func currentRegion() async throws(AWSError) -> String {
        if let region { return region }
        let named = configuration.region ?? variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION")
        let found: String
        if let named {
            found = named
        } else {
            do {
                found = try await metadata.region()
            } catch {
                throw AWSError(
                    error.code == .cancelled ? .cancelled : .configuration,
                    "find out the region, which neither an option nor AWS_REGION names: \(error)")
            }
        }
        region = found
        return found
    }

    func currentVPC() async throws(AWSError) -> String {
        if let known = vpcID ?? configuration.vpcID { return known }
        do {
            let found = try await metadata.vpcID()
            vpcID = found
            return found
        } catch {
            throw AWSError(
                error.code == .cancelled ? .cancelled : .configuration,
                "find out the VPC, which no option names: \(error)")
        }
    }

    func endpoint(_ service: String) async throws(AWSError) -> AWSEndpoint {
        if let known = endpoints[service] { return known }
        let found = try AWSEndpoint(
            service, region: try await currentRegion(), environment: configuration.environment)
        endpoints[service] = found
        return found
    }

    func credentials() async throws(AWSError) -> AWSCredentials { try await currentChain().credentials() }

    func forget(_ credentials: AWSCredentials) async { await chain?.forget(credentials) }

    private func currentChain() async throws(AWSError) -> CredentialChain {
        if let chain { return chain }
        let environment = configuration.environment
        let identity = WebIdentityCredentials(
            environment: environment, endpoint: try await endpoint("sts"), http: http)
        // Somebody else may have made one meanwhile.
        if let chain { return chain }
        let made = CredentialChain(
            [EnvironmentCredentials(environment: environment), identity, InstanceCredentials(metadata: metadata)],
            now: { [clock] in clock.seconds }, logger: logger)
        chain = made
        return made
    }

    private func variable(_ name: String) -> String? {
        configuration.environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}
