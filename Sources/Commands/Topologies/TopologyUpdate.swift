import ArgumentParser
import CNIProtocol
import LinuxSystem

/// `romana topology update [FILE]`.
struct TopologyUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Replace the topology with that of a JSON file or of standard input.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp("The file; without one, or with -, standard input.", valueName: "file"))
    var file: String?

    func run() async throws {
        let session = try Session(options)
        let name = file.flatMap { $0 == "-" ? nil : $0 }
        let document = try Self.document(name, session.console)
        let answer = try await session.daemon.post("/topology", document)
        session.confirm("The topology is updated.", answer)
    }

    private static func document(_ file: String?, _ console: Console) throws(CommandError) -> JSONValue {
        let bytes: [UInt8]
        do throws(SystemError) {
            if let file { bytes = try FileSystem.readFile(file) } else { bytes = try console.input() }
        } catch {
            throw CommandError(error)
        }
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw CommandError("read topology from \(file ?? "standard input"): \(error)")
        }
    }
}
