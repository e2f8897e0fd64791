import CNIProtocol

/// What a topology would change, as the daemon's answer to a dry run tells.
struct TopologyEffect: Picture {
    private let answer: JSONValue

    init(_ answer: JSONValue) { self.answer = answer }

    func text(width: Int?, usesColour: Bool) -> String {
        Lines(answer.yaml.split(separator: "\n").map(String.init)).text(width: width, usesColour: usesColour)
    }
}
