import Addresses
import CNIProtocol

/// A map of blocks: networks, in them groups, in them hosts, each with a tile for every block.
struct BlockPicture: Picture {
    private let tiles: [BlockTile]

    init(_ blocks: [JSONValue]) {
        tiles = blocks.compactMap(BlockTile.init).sorted { ($0.network, $0.cidr) < ($1.network, $1.cidr) }
    }

    func text(width: Int?, usesColour: Bool) -> String {
        guard !tiles.isEmpty else { return "There are no blocks." }
        let pen = Pen(tiles, width: width, usesColour: usesColour)
        var lines: [String] = []
        for network in Self.parts(tiles, by: \.network) {
            lines.append(pen.heading("Network \(network[0].network)", network))
            for group in Self.parts(network, by: \.groupCIDR) {
                lines.append(pen.heading("  \(group[0].group)  \(group[0].groupCIDR)", group, of: group[0].groupCIDR))
                for host in Self.parts(group.sorted { ($0.host, $0.cidr) < ($1.host, $1.cidr) }, by: \.host) {
                    lines += pen.row(host)
                }
            }
        }
        return (lines + ["", pen.legend]).joined(separator: "\n")
    }

    /// Cuts a sorted list where a key changes.
    private static func parts<Key: Equatable>(_ tiles: [BlockTile], by key: (BlockTile) -> Key) -> [[BlockTile]] {
        tiles.reduce(into: []) { parts, tile in
            if let last = parts.last?.last, key(last) == key(tile) {
                parts[parts.count - 1].append(tile)
            } else {
                parts.append([tile])
            }
        }
    }
}

/// Draws the lines of a map within a width.
private struct Pen {
    private let width: Int?
    private let usesColour: Bool
    private let nameWidth: Int
    private let countWidth: Int

    /// No name of a host takes more than that.
    private static let longestName = 24

    init(_ tiles: [BlockTile], width: Int?, usesColour: Bool) {
        self.width = width
        self.usesColour = usesColour
        let longest = width.map { min(Self.longestName, max(4, $0 / 4)) } ?? .max
        nameWidth = min(longest, tiles.map { TextWidth.columns(Console.harmless($0.host)) }.max() ?? 0)
        let byHost = Dictionary(grouping: tiles) { "\($0.network) \($0.groupCIDR) \($0.host)" }
        countWidth = byHost.values.map { Self.count($0).count }.max() ?? 0
    }

    /// A line over others, with what it sums up; `whole` is what the blocks are cut from.
    func heading(_ text: String, _ tiles: [BlockTile], of whole: IPPrefix? = nil) -> String {
        var blocks = "\(tiles.count) \(tiles.count == 1 ? "block" : "blocks")"
        // How many there could be is known where all are of one size.
        let lengths = Set(tiles.map(\.cidr.length))
        if let whole, lengths.count == 1, let length = lengths.first, length >= whole.length {
            blocks = "\(tiles.count) of \(Quantity.text(Quantity.power(length - whole.length))) blocks"
        }
        let line = "\(Console.harmless(text))  \(blocks), \(Self.count(tiles)) addresses"
        let cut = width.map { TextWidth.cut(line, to: $0) } ?? line
        return usesColour && whole == nil ? Tone.heading.coloured(cut) : cut
    }

    /// A host with its tiles, in as many lines as they take.
    func row(_ tiles: [BlockTile]) -> [String] {
        let name = TextWidth.padded(
            TextWidth.cut(Console.harmless(tiles[0].host), to: nameWidth), to: nameWidth)
        let whole = "    \(name)  \(TextWidth.padded(Self.count(tiles), to: countWidth, isRight: true))  "
        let head = width.map { TextWidth.cut(whole, to: max(1, $0 - 8)) } ?? whole
        let room = max(1, width.map { $0 - TextWidth.columns(head) } ?? tiles.count)
        return stride(from: 0, to: tiles.count, by: room).map { start in
            let part = tiles[start..<min(start + room, tiles.count)]
            let lead = start == 0 ? head : String(repeating: " ", count: TextWidth.columns(head))
            return lead + part.map(draw).joined()
        }
    }

    var legend: String {
        let text = "Each tile is a block: · no address in use, ▁▂▃▄▅▆▇ some, █ all."
        return width.map { TextWidth.cut(text, to: $0) } ?? text
    }

    private func draw(_ tile: BlockTile) -> String {
        usesColour ? tile.tone.coloured(String(tile.glyph)) : String(tile.glyph)
    }

    /// `9/32`.
    private static func count(_ tiles: [BlockTile]) -> String {
        let used = tiles.reduce(UInt128(0)) { $0 + $1.allocated }
        let all = tiles.reduce(UInt128(0)) { sum, tile in
            let (total, overflow) = sum.addingReportingOverflow(tile.cidr.count)
            return overflow ? .max : total
        }
        return "\(Quantity.text(used))/\(Quantity.text(all))"
    }
}
