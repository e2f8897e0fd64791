import Testing

@testable import Etcd

@Suite struct WatchLedgerTests {
    /// A ledger with an open stream and one live watch of "/a" from a revision on, with server id 1.
    static func live(from revision: Int64 = 10, backlog: Int = 1 << 20) -> WatchLedger {
        var ledger = WatchLedger(backlog: backlog)
        _ = ledger.streamOpened()
        _ = ledger.add(.prefix("/a"), from: revision)
        _ = ledger.receive(created(1, revision: 9))
        return ledger
    }

    static func created(_ id: Int64, revision: Int64) -> Etcdserverpb_WatchResponse {
        var response = Etcdserverpb_WatchResponse()
        response.created = true
        response.watchID = id
        response.header.revision = revision
        return response
    }

    static func events(_ id: Int64, _ revisions: [Int64], fragment: Bool = false) -> Etcdserverpb_WatchResponse {
        var response = Etcdserverpb_WatchResponse()
        response.watchID = id
        response.fragment = fragment
        response.header.revision = 1000
        response.events = revisions.map { revision in
            var event = Mvccpb_Event()
            event.kv.key.append(contentsOf: "/a/\(revision)".utf8)
            event.kv.modRevision = revision
            return event
        }
        return response
    }

    static func canceled(
        _ id: Int64, compacted: Int64 = 0, reason: String = "", created: Bool = false
    ) -> Etcdserverpb_WatchResponse {
        var response = Etcdserverpb_WatchResponse()
        response.canceled = true
        response.created = created
        response.watchID = id
        response.compactRevision = compacted
        response.cancelReason = reason
        return response
    }

    static func starts(_ requests: [WatchLedger.Request]) -> [Int64] { requests.map(\.createRequest.startRevision) }

    static func revisions(_ ledger: inout WatchLedger, _ number: UInt64 = 1) -> [Int64] {
        ledger.take(number).batch?.events.map(\.revision) ?? []
    }

    @Test func aWatchIsAskedForOnceThereIsAStream() throws {
        var ledger = WatchLedger()
        let (number, early) = ledger.add(.key("/k"), from: 5)
        #expect(early.isEmpty)
        let request = try #require(ledger.streamOpened().first).createRequest
        #expect(Array(request.key) == Array("/k".utf8))
        #expect(request.rangeEnd.isEmpty)
        #expect(request.startRevision == 5)
        #expect(request.progressNotify)
        #expect(request.fragment)
        #expect(!ledger.isLive(number))
        _ = ledger.receive(Self.created(request.watchID, revision: 9))
        #expect(ledger.isLive(number))
        #expect(ledger.add(.prefix("/p"), from: 0).requests.count == 1)
    }

    @Test func itGoesOnAfterWhatWasDelivered() {
        var ledger = Self.live()
        #expect(ledger.receive(Self.events(1, [10, 11, 11])).ready == [1])
        ledger.streamClosed()
        #expect(!ledger.isLive(1))
        #expect(Self.starts(ledger.streamOpened()) == [12])
        #expect(Self.revisions(&ledger) == [10, 11, 11])
        #expect(Self.revisions(&ledger) == [])
    }

    @Test func nowIsWhatEtcdSaysItIs() {
        var ledger = Self.live(from: 0)
        ledger.streamClosed()
        #expect(Self.starts(ledger.streamOpened()) == [10])
        // Before etcd has said it, now is still now.
        ledger = WatchLedger()
        _ = ledger.add(.prefix("/a"), from: 0)
        _ = ledger.streamOpened()
        ledger.streamClosed()
        #expect(Self.starts(ledger.streamOpened()) == [0])
    }

    @Test func whatCameAlreadyIsNotGivenAgain() {
        var ledger = Self.live()
        _ = ledger.receive(Self.events(1, [10, 12]))
        _ = ledger.receive(Self.events(1, [9, 10, 12, 13]))
        #expect(ledger.receive(Self.events(1, [11])).ready == [])
        #expect(Self.revisions(&ledger) == [10, 12, 13])
    }

    @Test func progressMovesThePositionAndWakesNobody() {
        var ledger = Self.live()
        var progress = Etcdserverpb_WatchResponse()
        progress.watchID = 1
        progress.header.revision = 50
        #expect(ledger.receive(progress).ready == [])
        progress.header.revision = 40
        _ = ledger.receive(progress)
        ledger.streamClosed()
        #expect(Self.starts(ledger.streamOpened()) == [51])
    }

    @Test func aRevisionIsGivenWholeOrNotAtAll() {
        var ledger = Self.live()
        #expect(ledger.receive(Self.events(1, [10, 11, 11], fragment: true)).ready == [1])
        #expect(Self.revisions(&ledger) == [10])
        #expect(ledger.receive(Self.events(1, [11, 11], fragment: true)).ready == [])
        // The stream breaks in the middle: all of revision 11 comes again.
        ledger.streamClosed()
        #expect(Self.starts(ledger.streamOpened()) == [11])
        _ = ledger.receive(Self.created(2, revision: 9))
        _ = ledger.receive(Self.events(2, [11, 11], fragment: true))
        _ = ledger.receive(Self.events(2, [11, 11], fragment: true))
        #expect(ledger.receive(Self.events(2, [11, 12])).ready == [1])
        #expect(Self.revisions(&ledger) == [11, 11, 11, 11, 11, 12])
    }

    @Test func aCompactedWatchFailsAfterWhatItHad() {
        var ledger = Self.live()
        _ = ledger.receive(Self.events(1, [10]))
        #expect(ledger.receive(Self.canceled(1, compacted: 90)).ready == [1])
        #expect(Self.revisions(&ledger) == [10])
        #expect(ledger.take(1).failure?.code == .compacted(90))
        #expect(!ledger.take(1).isKnown)
        ledger.streamClosed()
        #expect(ledger.streamOpened().isEmpty)
    }

    @Test func aSlowUserIsTakenOffAndPutBackWhereItStands() throws {
        var ledger = Self.live(backlog: 500)
        #expect(ledger.receive(Self.events(1, [10, 11])).requests.isEmpty)
        let paused = ledger.receive(Self.events(1, [12, 13]))
        #expect(paused.requests.map(\.cancelRequest.watchID) == [1])
        #expect(!ledger.isLive(1))
        // What was under way is not taken in, and a new stream does not bring it back.
        #expect(ledger.receive(Self.events(1, [14])).ready == [])
        _ = ledger.receive(Self.canceled(1))
        ledger.streamClosed()
        #expect(ledger.streamOpened().isEmpty)

        let (batch, _, _, requests) = ledger.take(1)
        #expect(batch?.events.map(\.revision) == [10, 11, 12, 13])
        #expect(batch?.revision == 13)
        #expect(Self.starts(requests) == [14])
        _ = ledger.receive(Self.created(try #require(requests.first).createRequest.watchID, revision: 20))
        #expect(ledger.isLive(1))
    }

    @Test func aRemovedWatchIsCancelledAtEtcd() {
        var ledger = Self.live()
        #expect(ledger.remove(1).map(\.cancelRequest.watchID) == [1])
        #expect(ledger.remove(1).isEmpty)
        #expect(ledger.receive(Self.events(1, [10])).ready == [])
        // One that is removed before etcd has confirmed it; the confirmation changes nothing.
        let (number, requests) = ledger.add(.key("/k"), from: 1)
        let id = requests[0].createRequest.watchID
        #expect(ledger.remove(number).map(\.cancelRequest.watchID) == [id])
        #expect(ledger.receive(Self.created(id, revision: 5)).requests.isEmpty)
    }

    @Test func aServerThatChoosesTheIdsIsUnderstood() {
        // Before 3.4 etcd counts from 0 whatever it is asked for; confirmations come in the order of the requests.
        var ledger = WatchLedger()
        _ = ledger.streamOpened()
        _ = ledger.add(.key("/a"), from: 1)
        _ = ledger.add(.key("/b"), from: 1)
        _ = ledger.remove(1)
        #expect(ledger.receive(Self.created(100, revision: 5)).requests.map(\.cancelRequest.watchID) == [100])
        #expect(ledger.receive(Self.created(101, revision: 5)).requests.isEmpty)
        #expect(ledger.receive(Self.events(101, [7])).ready == [2])
        #expect(ledger.receive(Self.events(100, [7])).ready == [])
    }

    @Test func aRefusalIsTriedOnceMoreWithANewToken() {
        var ledger = WatchLedger(usesTokens: true)
        _ = ledger.add(.key("/a"), from: 1)
        _ = ledger.streamOpened()
        let denied = "rpc error: code = PermissionDenied desc = etcdserver: permission denied"
        // etcd 3.4 may answer with the id -1.
        #expect(ledger.receive(Self.canceled(-1, reason: denied, created: true)).needsNewToken)
        ledger.streamClosed()
        #expect(ledger.streamOpened().count == 1)
        let second = ledger.receive(Self.canceled(2, reason: denied, created: true))
        #expect(!second.needsNewToken)
        #expect(second.ready == [1])
        #expect(ledger.take(1).failure?.code == .authentication)
    }

    @Test func positionsOfAnotherPastAreGivenUp() {
        var ledger = Self.live(from: 10)
        _ = ledger.add(.key("/new"), from: 0)
        #expect(ledger.compare(cluster: 7, revision: 9).isEmpty)
        #expect(ledger.compare(cluster: 7, revision: 8) == [1])
        #expect(ledger.take(1).failure?.code == .compacted(8))

        ledger = Self.live(from: 10)
        #expect(ledger.compare(cluster: 7, revision: 100).isEmpty)
        #expect(ledger.compare(cluster: 8, revision: 100) == [1])
        #expect(ledger.resumed == nil)
    }

    @Test func nothingThatAServerSaysTraps() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var ledger = WatchLedger(backlog: 1000, usesTokens: .random(using: &random))
            var numbers: [UInt64] = []
            for _ in 0..<200 {
                switch Int.random(in: 0..<10, using: &random) {
                case 0: numbers.append(ledger.add(.prefix("/a"), from: .random(in: -2...20, using: &random)).number)
                case 1: _ = ledger.streamOpened()
                case 2: ledger.streamClosed()
                case 3: _ = numbers.randomElement().map { ledger.remove($0) }
                case 4: _ = numbers.randomElement().map { ledger.take($0) }
                case 5: _ = ledger.compare(cluster: .random(in: 0...2, using: &random), revision: 10)
                default:
                    var response = Self.events(
                        .random(in: -1...10, using: &random),
                        (0..<Int.random(in: 0...3, using: &random)).map { _ in
                            [.min, -1, 0, 5, 50, .max].randomElement(using: &random) ?? 0
                        }, fragment: .random(using: &random))
                    response.created = Int.random(in: 0..<4, using: &random) == 0
                    response.canceled = Int.random(in: 0..<6, using: &random) == 0
                    response.compactRevision = [0, 0, 5, .max, .min].randomElement(using: &random) ?? 0
                    response.header.revision = [0, 10, .max, .min].randomElement(using: &random) ?? 0
                    _ = ledger.receive(response)
                }
            }
        }
    }
}
