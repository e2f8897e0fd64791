/// Where an instance is asked about itself, as AWS's own tools read it from the environment.
public struct MetadataEndpoint: Hashable, Sendable {
    /// The URL of the service, without a slash at its end; nil where it is not to be asked.
    public let url: String?

    /// The service where `AWS_EC2_METADATA_SERVICE_ENDPOINT` says, else at the usual address of the family that
    /// `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` says; none where `AWS_EC2_METADATA_DISABLED` is true.
    ///
    /// - Parameter environment: variables by their names; one that is empty counts as not set.
    public init(environment: (_ name: String) -> String?) {
        guard environment("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else {
            url = nil
            return
        }
        let isVersion6 = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased() == "ipv6"
        let usual = isVersion6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
        var given = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? ""
        while given.hasSuffix("/") { given.removeLast() }
        url = given.isEmpty ? usual : given
    }
}
