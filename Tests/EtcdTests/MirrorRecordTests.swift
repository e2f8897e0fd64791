import Testing

@testable import Etcd

@Suite struct MirrorRecordTests {
    static func keyValue(_ key: String, _ revision: Int64) -> EtcdKeyValue {
        EtcdKeyValue(key: key, value: [], modRevision: revision)
    }

    @Test func onlyDifferencesAreTold() {
        var record = MirrorRecord(prefix: "p/")
        record.adopt([
            Self.keyValue("p/a", 1), Self.keyValue("p/b", 2), Self.keyValue("p/c", 3), Self.keyValue("p/d", 4),
        ])
        record.apply([.put(Self.keyValue("p/e", 5)), .delete(key: "p/d", revision: 6), .put(Self.keyValue("p/a", 7))])

        let now = [Self.keyValue("p/a", 7), Self.keyValue("p/c", 9), Self.keyValue("p/f", 10)]
        #expect(
            record.differences(to: now, 11) == [
                .delete(key: "p/b", revision: 11), .delete(key: "p/e", revision: 11),
                .put(Self.keyValue("p/c", 9)), .put(Self.keyValue("p/f", 10)),
            ])
        #expect(record.differences(to: now, 12).isEmpty)
        // A store restored from a backup has lower revisions.
        #expect(record.differences(to: [Self.keyValue("p/c", 2)], 3).map(\.key) == ["p/a", "p/f", "p/c"])
        #expect(record.revisions == ["c": 2])
    }
}
