import CNIProtocol
import Testing

@Suite("CNI versions")
struct CNIVersionTests {
    @Test("reads three numbers and nothing else", arguments: ["0.3.1", "1.0.0", "10.20.30"])
    func reads(text: String) {
        #expect(CNIVersion(text)?.description == text)
    }

    @Test(
        "refuses other texts",
        arguments: [
            "", "1", "1.0", "1.0.0.0", "1.0.x", "v1.0.0", "1..0", "-1.0.0", "1.0.0-rc1", " 1.0.0", "1.0.9999999999",
        ])
    func refuses(text: String) {
        #expect(CNIVersion(text) == nil)
    }

    @Test("orders by numbers")
    func order() {
        #expect(CNIVersion.supported == CNIVersion.supported.sorted())
        #expect(CNIVersion(0, 10, 0) > .v0_4_0)
        #expect(CNIVersion.newest == CNIVersion.supported.last)
    }

    @Test("verbs need the version that brought them")
    func verbs() {
        let first: [(CNICommand, CNIVersion)] = [
            (.add, .v0_3_0), (.del, .v0_3_0), (.check, .v0_4_0), (.gc, .v1_1_0), (.status, .v1_1_0),
            (.version, .v0_3_0),
        ]
        for (command, version) in first {
            for served in CNIVersion.supported {
                let code = code { () throws(CNIError) in try served.require(command) }
                #expect(code == (served < version ? .incompatibleVersion : nil), "\(command) at \(served)")
            }
        }
    }

    @Test(
        "VERSION answers under the version asked, or the newest",
        arguments: [
            (#"{"cniVersion":"0.4.0"}"#, "0.4.0"), (#"{"cniVersion":"9.9.9"}"#, "9.9.9"), ("", "1.1.0"), ("{", "1.1.0"),
            ("[]", "1.1.0"), (#"{"cniVersion":7}"#, "1.1.0"),
        ])
    func versionAnswer(input: String, version: String) throws {
        let answer = try JSONValue(parsing: VersionAnswer.json(to: Array(input.utf8)))
        #expect(answer["cniVersion"]?.stringValue == version)
        #expect(answer["supportedVersions"] == ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"])
    }

    @Test("errors are written as the specification says")
    func errors() throws {
        let plain = CNIError(.tryAgainLater, "the agent is away")
        #expect(
            String(decoding: plain.json(version: .v0_4_0), as: UTF8.self)
                == #"{"cniVersion":"0.4.0","code":11,"msg":"the agent is away"}"#)
        let full = CNIError(.decoding, "no \"JSON\"", details: "byte 3")
        #expect(
            String(decoding: full.json(), as: UTF8.self)
                == #"{"cniVersion":"1.1.0","code":6,"msg":"no \"JSON\"","details":"byte 3"}"#)
        #expect(full.description == "no \"JSON\": byte 3 (code 6)")
    }
}

/// The code of the error that a body throws, nil if none.
func code(_ body: () throws(CNIError) -> Void) -> CNIError.Code? {
    do throws(CNIError) {
        try body()
        return nil
    } catch {
        return error.code
    }
}
