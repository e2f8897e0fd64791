import Addresses
import Testing

@testable import VPCRoutes

/// A book with hosts that are asked every two seconds, at moments told in seconds.
struct Ward {
    static let start = ContinuousClock.now
    var book: HealthBook
    let subjects: [String: ProbeSubject]

    init(_ names: [String], own: String? = nil) throws {
        book = HealthBook(own: own)
        subjects = Dictionary(
            uniqueKeysWithValues: try names.enumerated().map { index, name in
                (name, ProbeSubject(name, try #require(IPAddress("10.0.0.\(index + 1)"))))
            })
        book.setSubjects(Set(subjects.values))
    }

    func at(_ seconds: Double) -> ContinuousClock.Instant { Self.start + .milliseconds(Int(seconds * 1000)) }

    /// Answers to what was asked just now, or when it is said.
    mutating func answer(_ names: [String], _ seconds: Double, asked: Double? = nil) {
        for subject in names.compactMap({ subjects[$0] }) {
            book.answered(ProbeAnswer(subject, asked: at(asked ?? seconds)), at: at(seconds))
        }
        book.judge(at: at(seconds))
    }

    mutating func miss(_ names: [String], _ seconds: Double) {
        for name in names { if let subject = subjects[name] { book.missed(subject, at: at(seconds)) } }
    }

    func grade(_ name: String, _ seconds: Double) -> HealthGrade {
        book.standing(name, .ipv4, at: at(seconds)).grade
    }
}

@Suite("How hosts are")
struct HealthBookTests {
    @Test("one answer makes a host healthy, one missing answer changes nothing, two put it down")
    func misses() throws {
        var ward = try Ward(["a", "b"])
        #expect(ward.grade("a", 0) == .unknown && !ward.book.isComplete)
        ward.answer(["a", "b"], 0)
        #expect(ward.grade("a", 0) == .healthy && ward.book.isComplete)
        ward.miss(["a"], 3)
        ward.answer(["b"], 3.5)
        #expect(ward.grade("a", 3.5) == .healthy)
        ward.miss(["a"], 4)
        #expect(ward.grade("a", 4) == .down)
        #expect(ward.book.standing("a", .ipv4, at: ward.at(4)).reason == "it does not answer pings")
        #expect(ward.grade("b", 4) == .healthy)
    }

    @Test("misses that are not in a row put nobody down")
    func scattered() throws {
        var ward = try Ward(["a", "b"])
        ward.answer(["a", "b"], 0)
        for second in stride(from: 2.0, to: 60, by: 4) {
            ward.miss(["a"], second)
            ward.answer(["a", "b"], second + 2)
            #expect(ward.grade("a", second + 2) == .healthy)
        }
    }

    @Test("when all fall silent at once, nobody is down, however long it lasts; the first who is heard tells who is")
    func everybody() throws {
        var ward = try Ward(["a", "b", "c"])
        ward.answer(["a", "b", "c"], 0)
        for second in [3.0, 4, 6, 60] { ward.miss(["a", "b", "c"], second) }
        for name in ["a", "b", "c"] { #expect(ward.grade(name, 60) == .unclear) }
        #expect(ward.book.isBlind(.ipv4) && !ward.book.isBlind(.ipv6))
        ward.answer(["b"], 61)
        #expect(ward.grade("a", 61) == .down && ward.grade("c", 61) == .down && ward.grade("b", 61) == .healthy)
        #expect(!ward.book.isBlind(.ipv4))
    }

    @Test("when our own network goes in the middle of a round, those who are asked first are not down for it")
    func middle() throws {
        var ward = try Ward(["a", "b"])
        ward.answer(["a", "b"], 0)
        // b answered after a was asked, and before a's answer was missed.
        ward.answer(["b"], 2.5)
        ward.miss(["a"], 3)
        ward.miss(["a"], 4)
        ward.miss(["b"], 5.5)
        ward.miss(["b"], 6.5)
        #expect(ward.grade("a", 7) == .unclear && ward.grade("b", 7) == .unclear)
    }

    @Test("an answer to an earlier question says nothing, however late it is read, nor does one to a question given up")
    func late() throws {
        var ward = try Ward(["a", "b", "c"])
        ward.answer(["a", "b", "c"], 0)
        ward.miss(["a"], 3)
        ward.answer(["b"], 3.6, asked: 2.9)
        ward.miss(["a"], 4)
        #expect(ward.grade("a", 4) == .unclear)
        if let subject = ward.subjects["c"] { ward.book.answered(ProbeAnswer(subject, asked: nil), at: ward.at(5)) }
        ward.book.judge(at: ward.at(5))
        #expect(ward.grade("a", 5) == .unclear && ward.grade("c", 5) == .healthy)
        // Of two that were asked in a row the second answers first.
        ward.answer(["a"], 5.2, asked: 5.1)
        ward.miss(["a"], 7)
        ward.answer(["b"], 7.3, asked: 7.2)
        ward.answer(["c"], 7.4, asked: 7.1)
        ward.miss(["a"], 8)
        #expect(ward.grade("a", 8) == .down)
    }

    @Test("a witness is enough where nobody else is heard", arguments: ["lease", "node"])
    func witnesses(_ witness: String) throws {
        var ward = try Ward(["me", "a"], own: "me")
        ward.answer(["me", "a"], 0)
        ward.miss(["a"], 3)
        ward.answer(["me"], 3.5)
        ward.miss(["a"], 4)
        #expect(ward.grade("a", 4) == .unclear, "that we hear ourselves says nothing")
        if witness == "lease" { ward.book.setAlive("a", false) } else { ward.book.setReady("a", false) }
        ward.book.judge(at: ward.at(5))
        #expect(ward.grade("a", 5) == .down)
    }

    @Test("who answers while a witness speaks against it is questionable, not down")
    func questionable() throws {
        var ward = try Ward(["a", "b"])
        ward.answer(["a", "b"], 0)
        ward.book.setAlive("a", false)
        #expect(ward.grade("a", 1) == .questionable && HealthGrade.questionable.mayStay)
        ward.book.setAlive("a", true)
        ward.book.setReady("a", false)
        #expect(ward.grade("a", 1) == .questionable)
        ward.book.setReady("a", true)
        #expect(ward.grade("a", 1) == .healthy)
    }

    @Test("who comes back waits 10 seconds, twice as long each time it went again, five minutes at most")
    func holdDown() throws {
        var ward = try Ward(["a", "b"])
        ward.answer(["a", "b"], 0)
        var time = 0.0
        for wait in [10.0, 20, 40, 80, 160, 300, 300] {
            ward.miss(["a"], time + 1)
            ward.answer(["b"], time + 1.5)
            ward.miss(["a"], time + 2)
            #expect(ward.grade("a", time + 2) == .down)
            time += 3
            ward.answer(["a", "b"], time)
            #expect(ward.grade("a", time + wait - 0.5) == .recovering)
            #expect(ward.grade("a", time + wait) == .healthy)
        }
        // It was steady for long, and begins anew.
        time += 1000
        ward.answer(["a", "b"], time)
        ward.miss(["a"], time + 1)
        ward.answer(["b"], time + 1.5)
        ward.miss(["a"], time + 2)
        ward.answer(["a"], time + 3)
        #expect(ward.grade("a", time + 13) == .healthy)
    }

    @Test("with two checks either can put a host down, and the report says which")
    func checks() throws {
        var book = HealthBook()
        let address = try #require(IPAddress("10.0.0.1"))
        let (ping, ssh) = (ProbeSubject("a", address), ProbeSubject("a", address, .tcp(22)))
        let other = ProbeSubject("b", try #require(IPAddress("10.0.0.2")))
        book.setSubjects([ping, ssh, other])
        let now = Ward.start
        for subject in [ping, ssh, other] { book.answered(ProbeAnswer(subject, asked: now), at: now) }
        book.missed(ssh, at: now + .seconds(1))
        book.answered(ProbeAnswer(other, asked: now + .seconds(2)), at: now + .seconds(2))
        book.missed(ssh, at: now + .seconds(3))
        let standing = book.standing("a", .ipv4, at: now + .seconds(3))
        #expect(standing.grade == .down && standing.reason == "it does not answer connections to port 22")
    }

    @Test("families are told apart; a host without an address of a family is judged by the other")
    func families() throws {
        var book = HealthBook()
        let four = ProbeSubject("a", try #require(IPAddress("10.0.0.1")))
        let six = ProbeSubject("a", try #require(IPAddress("fd00::1")))
        let other = ProbeSubject("b", try #require(IPAddress("fd00::2")))
        book.setSubjects([four, six, other])
        for subject in [four, six, other] { book.answered(ProbeAnswer(subject, asked: Ward.start), at: Ward.start) }
        for second in [3, 4] { book.missed(six, at: Ward.start + .seconds(second)) }
        let late = Ward.start + .seconds(5)
        book.answered(ProbeAnswer(other, asked: late), at: late)
        book.judge(at: Ward.start + .seconds(5))
        #expect(book.standing("a", .ipv6, at: Ward.start + .seconds(5)).grade == .down)
        #expect(book.standing("a", .ipv4, at: Ward.start + .seconds(5)).grade == .healthy)
        #expect(book.standing("b", .ipv4, at: Ward.start + .seconds(5)).grade == .healthy)
    }
}
