import CNIProtocol

extension JSONValue {
    /// The document with a line for each member, two spaces a level.
    var indented: String {
        var text = ""
        write(indented: 0, to: &text)
        return text
    }

    private func write(indented level: Int, to text: inout String) {
        let inner = String(repeating: "  ", count: level + 1)
        let outer = String(repeating: "  ", count: level)
        switch self {
        case .array(let elements) where !elements.isEmpty:
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += inner
                element.write(indented: level + 1, to: &text)
                text += index == elements.count - 1 ? "\n" : ",\n"
            }
            text += outer + "]"
        case .object(let members) where !members.isEmpty:
            text += "{\n"
            for (index, member) in members.enumerated() {
                text += "\(inner)\(JSONValue.string(member.key)): "
                member.value.write(indented: level + 1, to: &text)
                text += index == members.count - 1 ? "\n" : ",\n"
            }
            text += outer + "}"
        default: text += self.text
        }
    }
}
