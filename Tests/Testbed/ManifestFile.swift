import CNIProtocol
import YAML

/// A file of Kubernetes objects in YAML, as users apply it.
public struct ManifestFile: Sendable {
    /// Its name without folders.
    public let name: String
    /// All of it, comments included.
    public let text: String
    /// Its objects in their order.
    public let objects: [ManifestObject]

    /// Reads a file.
    public init(_ path: String) throws(TestbedError) {
        guard let text = TextFile.read(path) else { throw TestbedError("cannot read \(path)") }
        name = path.split(separator: "/").last.map(String.init) ?? path
        self.text = text
        var objects: [ManifestObject] = []
        for part in text.split(separator: "\n---\n", omittingEmptySubsequences: true) {
            do {
                objects.append(try ManifestObject(String(part), JSONValue(parsingYAML: String(part))))
            } catch {
                throw TestbedError("\(path): \(error)")
            }
        }
        self.objects = objects
    }

    /// The containers of all its objects.
    public var containers: [ManifestContainer] { objects.flatMap(\.containers) }
}
