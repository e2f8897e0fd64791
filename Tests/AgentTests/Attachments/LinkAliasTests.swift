import Testing

@testable import Agent

@Suite struct LinkAliasTests {
    @Test func readsBackWhatItWrote() throws {
        let attachment = Attachment.example(id: "abc", namespace: "shop", pod: "cart-1")
        let text = LinkAlias(attachment).text
        #expect(text == "romana abc eth0 cluster shop/cart-1")
        let alias = try #require(LinkAlias(text))
        #expect(alias.key == attachment.key)
        #expect(alias.namespace == "shop")
        #expect(alias.pod == "cart-1")
        #expect(alias.network == "cluster")
    }

    @Test func staysBelowTheKernelsLimitAndKeepsWhatIdentifies() throws {
        let attachment = Attachment.example(
            id: String(repeating: "a", count: 64), namespace: String(repeating: "n", count: 63),
            pod: String(repeating: "p", count: 253))
        let text = LinkAlias(attachment).text
        #expect(text.utf8.count == 255)
        #expect(try #require(LinkAlias(text)).key == attachment.key)
    }

    @Test(arguments: [
        "", "eth0 of somebody", "romana", "romana a b", "calico abc eth0 cluster shop/cart-1", "romana  eth0 n /",
    ])
    func doesNotClaimAForeignAlias(text: String) {
        #expect(LinkAlias(text) == nil)
    }
}
