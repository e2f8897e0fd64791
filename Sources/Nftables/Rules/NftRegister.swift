/// A place that expressions keep values in: 16 registers of 4 bytes (enum nft_registers, linux/netfilter/nf_tables.h).
public struct NftRegister: RawRepresentable, Hashable, Sendable {
    /// The kernel's number: 8 (NFT_REG32_00) to 23.
    public let rawValue: UInt32

    /// A register by its number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The first, where single values and keys begin.
    public static let first = NftRegister(rawValue: 8)

    /// The register `bytes` further on, in whole registers.
    public func behind(_ bytes: Int) -> NftRegister {
        NftRegister(rawValue: rawValue + UInt32((bytes + 3) / 4))
    }
}
