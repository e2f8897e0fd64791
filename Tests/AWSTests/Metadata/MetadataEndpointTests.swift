import AWS
import Testing

@Suite("Where the instance is asked")
struct MetadataEndpointTests {
    @Test(
        "The environment says, as AWS's own tools read it",
        arguments: [
            ([:], "http://169.254.169.254"), (["SERVICE_ENDPOINT_MODE": "IPv4"], "http://169.254.169.254"),
            (["SERVICE_ENDPOINT_MODE": "IPv6"], "http://[fd00:ec2::254]"),
            (["SERVICE_ENDPOINT": "http://10.0.0.1:80//", "SERVICE_ENDPOINT_MODE": "IPv6"], "http://10.0.0.1:80"),
            (["SERVICE_ENDPOINT": ""], "http://169.254.169.254"), (["DISABLED": "false"], "http://169.254.169.254"),
            (["DISABLED": "True", "SERVICE_ENDPOINT": "http://10.0.0.1"], nil),
        ] as [([String: String], String?)])
    func url(_ variables: [String: String], expected: String?) {
        let environment = Dictionary(uniqueKeysWithValues: variables.map { ("AWS_EC2_METADATA_\($0.key)", $0.value) })
        #expect(MetadataEndpoint { environment[$0] }.url == expected)
    }
}
