import Testing

@testable import Etcd

@Suite struct EndpointTests {
    @Test(arguments: [
        ("http://127.0.0.1:2379", "http://127.0.0.1:2379"),
        ("https://etcd-1.example:4001/", "https://etcd-1.example:4001"),
        ("HTTPS://etcd", "https://etcd:2379"),
        ("etcd:1", "http://etcd:1"),
        ("etcd", "http://etcd:2379"),
        ("[::1]:2379", "http://[::1]:2379"),
        ("http://[fd00::1]", "http://[fd00::1]:2379"),
        ("fd00::1", "http://[fd00::1]:2379"),
    ])
    func endpointsAreRead(text: String, meaning: String) throws {
        #expect(try Endpoint(text, secureByDefault: false).description == meaning)
    }

    @Test func withCertificatesTlsIsTheDefault() throws {
        #expect(try Endpoint("etcd:1", secureByDefault: true).isSecure)
        #expect(try !Endpoint("http://etcd:1", secureByDefault: true).isSecure)
    }

    @Test(arguments: [
        "", "http://", "ftp://etcd", "http://etcd/path", "etcd:", "etcd:0", "etcd:65536", "etcd:+1", "etcd:x", ":2379",
        "[::1", "[::1]2379", "[]:1", "http://etcd:1:2/x",
    ])
    func whatIsNoEndpointIsRefused(text: String) {
        #expect(throws: EtcdError.self) { try Endpoint(text, secureByDefault: false) }
    }

    @Test func addressesAreNoServerNames() {
        for name in ["127.0.0.1", "::1", "fd00::1"] { #expect(TransportSecurity.isAddress(name)) }
        for name in ["etcd", "etcd.test", "127.0.0.1.nip.io"] { #expect(!TransportSecurity.isAddress(name)) }
    }
}
