import CLinux
import CNIProtocol
import LinuxSystem
import Release

/// The plugin's process: environment and standard input in, JSON on standard output and an exit status out.
@main
struct Main {
    static func main() {
        guard ProcessEnvironment.value("CNI_COMMAND")?.isEmpty == false else {
            let versions = CNIVersion.supported.map { $0.description }.joined(separator: ", ")
            StandardError.print(Release.pluginTitle)
            StandardError.print("CNI plugin of Romana, forwards to the node's agent")
            StandardError.print("CNI protocol versions supported: \(versions)")
            return
        }
        var input: [UInt8] = []
        let answer: AgentResponse
        do throws(CNIError) {
            let environment = try CNIEnvironment(reading: ProcessEnvironment.value)
            input = try StandardStreams.input()
            answer = try Plugin(environment: environment, input: input).run()
        } catch {
            let stated = CNIVersion(statedIn: input)
            answer = .failure(error, version: stated?.isSupported == true ? stated ?? .newest : .newest)
        }
        StandardStreams.output(answer.output)
        // Nothing is left to flush or to unwind, and the runtime waits for the end of the process.
        _exit(Int32(answer.exitStatus))
    }
}
