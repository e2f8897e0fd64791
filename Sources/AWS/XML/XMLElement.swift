/// An element of an XML document, without its attributes.
struct XMLElement: Hashable, Sendable {
    /// Its name without the prefix of a namespace.
    var name: String
    /// The text directly in it.
    var text = ""
    /// The elements directly in it, in their order.
    var children: [XMLElement] = []

    /// The first element of that name in it.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The elements of a list, `<set><item/><item/></set>`; none where the list is missing.
    func items(_ name: String) -> [XMLElement] { self[name]?.children.filter { $0.name == "item" } ?? [] }

    /// The text of the first element of that name in it, without blanks around it; nil if missing or empty.
    func text(_ name: String) -> String? {
        guard let element = self[name] else { return nil }
        let text = element.text.drop { $0.isWhitespace }
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(text[...last])
    }
}
