import Addresses
import ArgumentParser
import CNIProtocol
import FoundationEssentials
import Topology

/// `romana topology check [FILE]`.
struct TopologyCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the topology of a file and draw its tree; asks nobody.",
        discussion: """
            Every group is shown with its addresses, the hosts that the file names, and how much it can hold. \
            Everything that is wrong is told, with the place in the document and the two things that clash.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(
        help: ArgumentHelp("The file, JSON or YAML; without one, or with -, standard input.", valueName: "file"),
        completion: .file())
    var file: String?
    @Option(
        name: .customLong("service-range"),
        help: ArgumentHelp(
            "A range of service addresses, which no network may overlap; may be given more than once.",
            valueName: "cidr"))
    var services: [PrefixArgument] = []

    func run() async throws {
        let session = try Session(options)
        let source = DocumentSource("topology", file: file)
        let document = try Self.document(try source.read(session.console), source)
        do throws(TopologyError) {
            try document.check(apartFrom: services.map(\.prefix))
        } catch {
            throw CommandError(source, error)
        }
        let outline = TopologyOutline(document)
        try session.show(View(try Self.encoded(outline)) { [Lines(outline.lines)] })
    }

    private static func document(
        _ value: JSONValue, _ source: DocumentSource
    ) throws(CommandError) -> TopologyDocument {
        do {
            return try JSONDecoder().decode(TopologyDocument.self, from: Data(value.bytes))
        } catch let error as TopologyError {
            throw CommandError(source, error)
        } catch let error as DecodingError {
            throw source.failure(error.sentence)
        } catch {
            throw source.failure("\(error)")
        }
    }

    private static func encoded(_ outline: TopologyOutline) throws(CommandError) -> JSONValue {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try JSONValue(parsing: Array(try encoder.encode(outline)))
        } catch {
            throw CommandError("write the outline of the topology: \(error)")
        }
    }
}

extension CommandError {
    /// Everything that is wrong with a document.
    fileprivate init(_ source: DocumentSource, _ error: TopologyError) {
        self.init(
            "check \(source.noun) of \(source.path ?? "standard input")",
            problems: error.all.map { "\($0.field): \($0.problem)" })
    }
}
