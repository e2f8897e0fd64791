import Testing

@testable import Etcd

@Suite struct MirrorRecordTests {
    static func keyValue(_ key: String, _ revision: Int64) -> EtcdKeyValue {
        EtcdKeyValue(key: key, value: [], modRevision: revision)
    }

    @Test func onlyDifferencesAreTold() {
        var record = MirrorRecord()
        record.adopt([Self.keyValue("a", 1), Self.keyValue("b", 2), Self.keyValue("c", 3), Self.keyValue("d", 4)])
        record.apply([.put(Self.keyValue("e", 5)), .delete(key: "d", revision: 6), .put(Self.keyValue("a", 7))])

        let now = [Self.keyValue("a", 7), Self.keyValue("c", 9), Self.keyValue("f", 10)]
        #expect(
            record.differences(to: now, 11) == [
                .delete(key: "b", revision: 11), .delete(key: "e", revision: 11),
                .put(Self.keyValue("c", 9)), .put(Self.keyValue("f", 10)),
            ])
        #expect(record.differences(to: now, 12).isEmpty)
        // A store restored from a backup has lower revisions.
        #expect(record.differences(to: [Self.keyValue("c", 2)], 3).map(\.key) == ["a", "f", "c"])
        #expect(record.revisions == ["c": 2])
    }
}
