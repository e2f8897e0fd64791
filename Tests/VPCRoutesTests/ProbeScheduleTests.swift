import Addresses
import Testing

@testable import VPCRoutes

@Suite("Who is asked when")
struct ProbeScheduleTests {
    static let start = ContinuousClock.now

    static func after(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    static func subject(_ number: Int) throws -> ProbeSubject {
        ProbeSubject("h\(number)", try #require(IPAddress("10.0.0.\(number)")))
    }

    static func schedule(_ count: Int) throws -> ProbeSchedule {
        var schedule = ProbeSchedule(interval: .seconds(2), patience: .seconds(1))
        schedule.setSubjects(Set(try (1...count).map { try subject($0) }), at: start)
        return schedule
    }

    @Test("many are asked one after the other, each once an interval")
    func spread() throws {
        var schedule = try Self.schedule(100)
        var asked: [ProbeSubject: Int] = [:]
        var most = 0
        for time in stride(from: 0, to: 6000, by: 20) {
            let taken = schedule.take(at: Self.after(time))
            most = max(most, taken.count)
            for subject in taken {
                asked[subject, default: 0] += 1
                schedule.heard(subject)
            }
            #expect(schedule.expire(at: Self.after(time)).missed.isEmpty)
        }
        #expect(asked.count == 100 && Set(asked.values) == [3])
        #expect(most <= 2)
    }

    @Test("whose answer is missing is asked again at once, and then once an interval")
    func again() throws {
        var schedule = try Self.schedule(1)
        let subject = try Self.subject(1)
        var story: [String] = []
        for time in stride(from: 0, through: 8000, by: 100) {
            let now = Self.after(time)
            let (missed, again) = schedule.expire(at: now)
            if !missed.isEmpty { story.append("\(time) missed") }
            if !again.isEmpty { story.append("\(time) again") }
            if !schedule.take(at: now).isEmpty { story.append("\(time) asked") }
            if time == 6200 { schedule.heard(subject) }
        }
        #expect(
            story == [
                "0 asked", "1000 missed", "1000 again", "2000 missed", "2000 asked", "3000 missed", "4000 asked",
                "5000 missed", "6000 asked", "8000 asked",
            ])
    }

    @Test("an answer that comes in time leaves nothing behind, one of somebody else's leaves it")
    func answers() throws {
        var schedule = try Self.schedule(1)
        _ = schedule.take(at: Self.start)
        #expect(schedule.heard(try Self.subject(2)) == nil)
        #expect(schedule.expire(at: Self.after(1000)).missed.count == 1)
        #expect(schedule.heard(try Self.subject(1)) == Self.after(1000))
        #expect(schedule.expire(at: Self.after(1999)).missed.isEmpty)
        #expect(schedule.next == Self.after(2000))
    }

    @Test("who is new is asked within an interval, who is gone no more, and the others keep their turns")
    func changes() throws {
        var schedule = try Self.schedule(2)
        _ = schedule.take(at: Self.after(1500))
        schedule.setSubjects([try Self.subject(1), try Self.subject(3)], at: Self.after(1600))
        var asked: [ProbeSubject] = []
        for time in stride(from: 1600, through: 3600, by: 100) { asked += schedule.take(at: Self.after(time)) }
        #expect(Set(asked) == [try Self.subject(1), try Self.subject(3)])
        schedule.setSubjects([], at: Self.after(3600))
        #expect(schedule.take(at: Self.after(9000)).isEmpty)
        #expect(schedule.expire(at: Self.after(9000)).missed.isEmpty && schedule.next == nil)
    }
}
