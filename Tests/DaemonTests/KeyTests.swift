import Addresses
import Testing

@testable import Daemon

@Suite struct KeyTests {
    @Test(arguments: ["romana", "/romana", "/romana/", "//romana//"])
    func aPrefixIsWrittenInOneWay(_ prefix: String) {
        #expect(ClusterKeys(prefix: prefix).hosts == "/romana/hosts/")
    }

    @Test func anEmptyPrefixIsTheRoot() {
        #expect(ClusterKeys(prefix: "").topology == "/topology")
        #expect(ClusterKeys(prefix: "/a/b").host("n1") == "/a/b/hosts/n1")
    }

    @Test(arguments: ["10.0.0.0/29", "fd00::/120"]) func aBlockIsReadBackFromItsKey(_ text: String) throws {
        let keys = ClusterKeys(prefix: "romana")
        let cidr = try #require(IPPrefix(text))
        #expect(keys.block(inKey: keys.block(cidr)) == cidr)
    }

    @Test(arguments: [
        "/romana/blocks/ipv4/fd00::/120", "/romana/blocks/ipv4/x", "/romana/blocks/ipv4", "/romana/hosts/n1", "",
    ])
    func otherKeysNameNoBlock(_ key: String) {
        #expect(ClusterKeys(prefix: "romana").block(inKey: key) == nil)
    }

    @Test(
        arguments: [
            ("a%2Fb", "a/b"), ("a%2fb", "a/b"), ("plain", "plain"), ("%C3%A4", "ä"), ("%", nil), ("%2", nil),
            ("%zz", nil),
            ("%ff", nil),
        ] as [(String, String?)])
    func percentEscapesAreUndone(_ text: String, _ plain: String?) {
        #expect(PercentEncoding.decoded(text[...]) == plain)
    }
}
