import Addresses
import CNIProtocol

/// One block of `GET /v1/blocks` as a tile of a map.
struct BlockTile: Sendable {
    let cidr: IPPrefix
    let network: String
    let group: String
    let groupCIDR: IPPrefix
    let host: String
    let allocated: UInt128
    /// Whether the host's agent gives out its addresses; those of the others are given out by a daemon.
    let isForPods: Bool

    /// Nil for what is no block.
    init?(_ block: JSONValue) {
        guard let cidr = block["cidr"]?.stringValue.flatMap({ IPPrefix($0) }) else { return nil }
        self.cidr = cidr
        network = block["network"].shown
        group = block["group"].shown
        groupCIDR = block["group_cidr"]?.stringValue.flatMap { IPPrefix($0) } ?? cidr
        host = block["host"].shown
        isForPods = (block["keeper"]?.stringValue ?? "").isEmpty
        allocated = UInt128(max(0, block["allocated"]?.intValue ?? 0))
    }

    /// Eighths of the addresses that are in use: 0 only for none, 8 only for all.
    var level: Int {
        if allocated == 0 { return 0 }
        if allocated >= cidr.count { return 8 }
        return Int(min(7, max(1, allocated * 8 / cidr.count)))
    }

    /// How it is drawn; heights tell the levels apart where there are no colours.
    var glyph: Character { Self.glyphs[level] }

    /// The colour, where there are colours.
    var tone: Tone {
        switch level {
        case 0: .plain
        case 1...5: .good
        case 6...7: .warning
        default: .bad
        }
    }

    private static let glyphs: [Character] = ["·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
}
