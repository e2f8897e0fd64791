import CExpat

/// Reads a whole document into elements, by libexpat.
///
/// Documents with a type declaration are refused, so that no entities of their own can be in them.
final class XMLReader {
    /// Why a document cannot be read, as part of a sentence.
    struct Problem: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    /// The deepest that elements may be in each other, and how many there may be.
    static let (deepest, most) = (64, 2_000_000)

    private var open: [XMLElement] = []
    private var root: XMLElement?
    private var count = 0
    private var problem: Problem?

    private init() {}

    /// The outermost element of a document.
    static func read(_ bytes: [UInt8]) throws(Problem) -> XMLElement {
        guard let size = Int32(exactly: bytes.count) else { throw Problem(description: "it is too long") }
        guard let parser = XML_ParserCreate(nil) else { throw Problem(description: "no memory is left") }
        defer { XML_ParserFree(parser) }
        let reader = XMLReader()
        XML_SetUserData(parser, Unmanaged.passUnretained(reader).toOpaque())
        XML_SetElementHandler(
            parser, { context, name, _ in XMLReader.of(context)?.begin(name) },
            { context, _ in XMLReader.of(context)?.end() })
        XML_SetCharacterDataHandler(parser) { XMLReader.of($0)?.take($1, $2) }
        XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
            XMLReader.of(context)?.refuse("it has a document type declaration")
        }
        reader.parser = parser
        let status = bytes.withUnsafeBytes { XML_Parse(parser, $0.baseAddress, size, 1) }
        reader.parser = nil
        if let problem = reader.problem { throw problem }
        guard status == XML_STATUS_OK, let root = reader.root else {
            let text = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "not well formed"
            throw Problem(description: "\(text) at byte \(XML_GetCurrentByteIndex(parser))")
        }
        return root
    }

    // MARK: - What libexpat tells

    private var parser: XML_Parser?

    private static func of(_ context: UnsafeMutableRawPointer?) -> XMLReader? {
        context.map { Unmanaged<XMLReader>.fromOpaque($0).takeUnretainedValue() }
    }

    private func refuse(_ text: String) {
        guard problem == nil else { return }
        problem = Problem(description: text)
        if let parser { XML_StopParser(parser, XML_Bool(XML_FALSE)) }
    }

    private func begin(_ name: UnsafePointer<CChar>?) {
        count += 1
        if open.count >= Self.deepest { return refuse("its elements are more than \(Self.deepest) deep in each other") }
        if count > Self.most { return refuse("it has more than \(Self.most) elements") }
        let whole = name.map { String(cString: $0) } ?? ""
        let local = whole.lastIndex(of: ":").map { String(whole[whole.index(after: $0)...]) } ?? whole
        open.append(XMLElement(name: local))
    }

    private func end() {
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].children.append(element)
        }
    }

    private func take(_ text: UnsafePointer<CChar>?, _ length: Int32) {
        guard let text, !open.isEmpty else { return }
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
        open[open.count - 1].text += String(decoding: bytes, as: UTF8.self)
    }
}
