import Glibc
import LinuxSystem
import Synchronization
import Testing

@Suite struct WaitingTests {
    @Test func counterWakesEpollFromAnotherThread() throws {
        let counter = try EventCounter()
        let epoll = try Epoll()
        try epoll.add(counter.rawValue, token: 42)
        #expect(try epoll.wait(timeoutMilliseconds: 0).isEmpty)
        let thread = try NamedThread.start(name: "signaller") {
            counter.signal()
            counter.signal()
        }
        thread.join()
        #expect(try epoll.wait(timeoutMilliseconds: 5000) == [Epoll.Event(token: 42, events: .readable)])
        #expect(counter.drain() == 2)
        #expect(counter.drain() == 0)
        #expect(counter.wait(timeoutMilliseconds: 1) == 0)
        counter.signal()
        #expect(counter.wait() == 1)
        #expect(try epoll.wait(timeoutMilliseconds: 0).isEmpty)
    }

    @Test func epollReportsWhatItWasAskedFor() throws {
        let counter = try EventCounter()
        let epoll = try Epoll()
        try epoll.add(counter.rawValue, token: 1)
        #expect(throws: SystemError.self) { try epoll.add(counter.rawValue, token: 1) }
        try epoll.modify(counter.rawValue, .writable, token: 2)
        #expect(try epoll.wait(timeoutMilliseconds: 0) == [Epoll.Event(token: 2, events: .writable)])
        try epoll.remove(counter.rawValue)
        #expect(try epoll.wait(timeoutMilliseconds: 0).isEmpty)
        #expect(throws: SystemError.self) { try epoll.remove(counter.rawValue) }
    }

    @Test func timerFiresOnceOrAgain() throws {
        let timer = try TimerDescriptor()
        let epoll = try Epoll()
        try epoll.add(timer.rawValue, token: 3)
        try timer.set(afterNanoseconds: 0)
        #expect(try epoll.wait(timeoutMilliseconds: 5000).map(\.token) == [3])
        #expect(timer.drain() == 1)
        #expect(try epoll.wait(timeoutMilliseconds: 0).isEmpty)
        try timer.set(afterNanoseconds: 3_600_000_000_000)
        #expect(try epoll.wait(timeoutMilliseconds: 0).isEmpty)
        try timer.cancel()
    }

    @Test func signalsAreRead() throws {
        // On a thread of its own, since blocking a signal lasts as long as the thread.
        let seen = Mutex<Int32?>(nil)
        let thread = try NamedThread.start(name: "signals") {
            guard let signals = try? SignalDescriptor([SIGUSR2]) else { return }
            pthread_kill(pthread_self(), SIGUSR2)
            let next = try? signals.next()
            seen.withLock { $0 = next }
        }
        thread.join()
        #expect(seen.withLock { $0 } == SIGUSR2)
    }

    @Test func threadCarriesItsName() throws {
        let name = Mutex("")
        let thread = try NamedThread.start(name: "dataplane-and-more") {
            let bytes = try? FileSystem.readFile("/proc/thread-self/comm")
            name.withLock { $0 = String(decoding: bytes ?? [], as: UTF8.self) }
        }
        thread.join()
        thread.join()
        #expect(name.withLock { $0 } == "dataplane-and-m\n")
    }

    @Test func clockGoesForward() {
        let first = Clock.monotonicNanoseconds()
        #expect(Clock.monotonicNanoseconds() >= first)
        #expect(Clock.wallSeconds() > 1_700_000_000)
    }

    @Test func environmentIsListed() {
        let path = ProcessEnvironment.all().first { $0.name == "PATH" }?.value
        #expect(path != nil)
        #expect(path == ProcessEnvironment.value("PATH"))
        #expect(ProcessEnvironment.value("LINUXSYSTEM_NOT_SET") == nil)
    }
}
