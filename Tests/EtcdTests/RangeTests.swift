import Testing

@testable import Etcd

@Suite struct RangeTests {
    @Test(arguments: [
        (EtcdRange.key("/a"), [0x2f, 0x61] as [UInt8], [] as [UInt8]),
        (.prefix("/a"), [0x2f, 0x61], [0x2f, 0x62]),
        (.prefix(""), [0], [0]),
        // The last byte of U+07FF is bf: it grows; no byte of UTF-8 is ff.
        (.prefix("\u{7ff}"), [0xdf, 0xbf], [0xdf, 0xc0]),
    ])
    func boundsAreThoseOfEtcd(range: EtcdRange, first: [UInt8], end: [UInt8]) {
        #expect(Array(range.bounds.first) == first)
        #expect(Array(range.bounds.end) == end)
    }

    @Test func pagesFollowEachOtherAtOneRevision() {
        var page = ListPage(prefix: "/a/", revision: 0)
        #expect(page.request.revision == 0)
        #expect(page.request.limit == ListPage.keys)
        var response = Etcdserverpb_RangeResponse()
        response.header.revision = 7
        response.more = true
        var keyValue = Mvccpb_KeyValue()
        keyValue.key.append(contentsOf: "/a/x".utf8)
        keyValue.value.append(contentsOf: [UInt8](repeating: 0, count: ListPage.weight + 1))
        response.kvs = [keyValue]
        let goesOn = page.advance(past: response)
        #expect(goesOn)
        #expect(Array(page.request.key) == Array("/a/x".utf8) + [0])
        #expect(Array(page.request.rangeEnd) == Array("/a0".utf8))
        #expect(page.request.revision == 7)
        #expect(page.request.limit == ListPage.keys / 2)
        response.header.revision = 9
        response.more = false
        let goesFurther = page.advance(past: response)
        #expect(!goesFurther)
        #expect(page.request.revision == 7)
    }

    @Test func anEmptyPageThatPromisesMoreIsTheLast() {
        var page = ListPage(prefix: "", revision: 3)
        var response = Etcdserverpb_RangeResponse()
        response.more = true
        let goesFurther = page.advance(past: response)
        #expect(!goesFurther)
    }
}
