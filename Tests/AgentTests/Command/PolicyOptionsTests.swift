import Addresses
import ArgumentParser
import Testing

@testable import Agent

@Suite("options about policy and the node's own rules")
struct PolicyOptionsTests {
    /// An option that is true or false, and what it comes to.
    struct Switch: Sendable, CustomTestStringConvertible {
        let option: String
        let isOnByDefault: Bool
        let value: @Sendable (PolicySettings) -> Bool
        var testDescription: String { option }
    }

    private static let switches = [
        Switch(option: "--policies", isOnByDefault: true) { $0.isEnforced },
        Switch(option: "--nat", isOnByDefault: true) { $0.translates },
        Switch(option: "--pod-to-host", isOnByDefault: true) { $0.allowsPodToHost },
        Switch(option: "--keep-connections", isOnByDefault: false) { $0.keepsConnections },
    ]

    @Test("true and false, behind a space or an equals sign, and the bare option for true", arguments: switches)
    func spellings(_ option: Switch) throws {
        func value(_ words: String...) throws -> Bool { option.value(try PolicyOptions.parse(words).settings()) }
        #expect(option.value(try PolicyOptions.parse([]).settings()) == option.isOnByDefault)
        #expect(try value("\(option.option)=true"))
        #expect(try value(option.option, "true"))
        #expect(try value(option.option))
        #expect(try !value("\(option.option)=false"))
        #expect(try !value(option.option, "false"))
        // The next option is not taken for a value.
        #expect(try value(option.option, "--policy-log-group", "5"))
        // Nor does it take a value away.
        #expect(try !value("\(option.option)=false", "--policy-log-group", "5"))
        #expect(try !value(option.option, "false", "--policy-log-group", "5"))
        // As programs in Go read them.
        #expect(try value("\(option.option)=1"))
        #expect(try !value("\(option.option)=f"))
        for words in [["\(option.option)=perhaps"], [option.option, "perhaps"], ["\(option.option)=no"]] {
            let error = #expect(throws: AgentError.self) { try PolicyOptions.parse(words).settings() }
            #expect(error?.description.hasPrefix("\(option.option): ") ?? false)
        }
    }

    @Test("Services' addresses under either name, of both families, and without any none")
    func serviceRanges() throws {
        for name in ["--service-cluster-ip-range", "--cluster-ip-cidr"] {
            let settings = try PolicyOptions.parse([name, "10.96.0.0/12,fd96::/112"]).settings()
            #expect(settings.serviceRanges.map(\.description) == ["10.96.0.0/12", "fd96::/112"])
        }
        #expect(try PolicyOptions.parse([]).settings().serviceRanges.isEmpty)
        let wrong = try PolicyOptions.parse(["--cluster-ip-cidr", "10.96.0.0/12,services"])
        let error = #expect(throws: AgentError.self) { try wrong.settings() }
        #expect(error?.description.contains("services") ?? false)
    }

    @Test("group 0 is no log, and a link for translation is what was said")
    func others() throws {
        #expect(try PolicyOptions.parse([]).settings().logGroup == 71)
        #expect(try PolicyOptions.parse(["--policy-log-group", "0"]).settings().logGroup == nil)
        #expect(try PolicyOptions.parse(["--nat-interface", "eth1"]).settings().translationLink == "eth1")
    }
}
