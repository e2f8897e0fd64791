/// One table of family inet in the kernel, at the level of what is asked of it.
public protocol NftKernel: AnyObject {
    /// Does all operations or none: one transaction.
    func commit(_ operations: [NftOperation]) throws(NftError)
    /// The names of the table's chains; nil when the table is not there.
    func chains() throws(NftError) -> [String]?
    /// The names of the table's sets and maps.
    func sets() throws(NftError) -> [String]
    /// Every element of a set or map.
    func elements(of set: NftSet) throws(NftError) -> [NftElement]
    /// How many elements a set or map has; where a range begins and where it ends are one each.
    func elementCount(of set: String) throws(NftError) -> Int
    /// How many rules a chain has; none when it is not there.
    func ruleCount(of chain: String) throws(NftError) -> Int
    /// How often any table of the namespace was changed (`nft monitor` shows each change).
    func generation() throws(NftError) -> UInt32
}
