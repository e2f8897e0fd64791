import Testbed
import Testing

extension SystemTests {
    @Suite("The testbed itself")
    struct TestbedTests {
        @Test("A command gets its input and gives back both outputs and its status")
        func commandRuns() async throws {
            let megabyte = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
            let result = try await Program("sh", ["-c", "cat; echo no >&2; exit 3"]).run(input: megabyte)
            #expect(result.output == megabyte)
            #expect(result.errorText == "no\n")
            #expect(result.status == .exited(3))
        }

        @Test("A command that reads nothing does not end the test by SIGPIPE")
        func inputIsIgnored() async throws {
            let megabyte = [UInt8](repeating: 0, count: 1 << 20)
            let result = try await Program("true").run(input: megabyte)
            #expect(result.status.isSuccess)
        }

        @Test("A command that hangs is killed and named")
        func hangingCommandIsKilled() async throws {
            let error = await #expect(throws: TestbedError.self) {
                try await Program("sleep", ["100"]).run(limit: .milliseconds(100))
            }
            #expect(error?.description.contains("sleep 100: still running") == true)
        }

        @Test("A child is ended by SIGTERM, or by SIGKILL if it does not listen")
        func childIsStopped() async throws {
            let directory = try TemporaryDirectory("child")
            defer { directory.remove() }
            let polite = try await ChildProcess.start(Program("sleep", ["100"]), log: directory.file("log"))
            #expect(await polite.stop() == .signaled(15))
            let deaf = try await ChildProcess.start(
                Program("sh", ["-c", "trap '' TERM; echo deaf; while :; do sleep 0.1; done"]),
                log: directory.file("log"))
            try await eventually("it is deaf") { deaf.said().contains("deaf") }
            #expect(await deaf.stop(grace: .milliseconds(200)) == .signaled(9))
        }

        @Test("Nodes of a fabric reach each other and the fabric in both families; nothing is left of it")
        func fabricCarriesPackets() async throws {
            let before = Namespace.present
            let fabric = try await Fabric.build(nodes: 3)
            for address in [
                Fabric.address4, Fabric.address6, Fabric.address4(ofNode: 3), Fabric.address6(ofNode: 3),
            ] {
                let ping = Program("busybox", ["ping", "-c", "1", "-W", "2", address], namespace: fabric.nodes[0].path)
                #expect(try await ping.run().status.isSuccess, "\(address)")
            }
            await fabric.remove()
            #expect(Namespace.present == before)
        }
    }
}
