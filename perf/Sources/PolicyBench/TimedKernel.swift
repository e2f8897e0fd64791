import CFloor
import Nftables

/// The kernel's table, with a count of the time that transactions took and of what they held.
final class TimedKernel: NftKernel {
    private let kernel: KernelNft
    /// In milliseconds.
    private(set) var spent = 0.0
    /// Every transaction so far, for those who want to commit the same again; only while it is asked for.
    private(set) var transactions: [[NftOperation]] = []
    private let keeps: Bool

    init(keepsTransactions: Bool = false) throws(NftError) {
        kernel = try KernelNft(table: PolicyObjects.table)
        keeps = keepsTransactions
    }

    func commit(_ operations: [NftOperation]) throws(NftError) {
        if keeps { transactions.append(operations) }
        let start = floor_now()
        defer { spent += Samples.milliseconds(since: start) }
        try kernel.commit(operations)
    }

    func chains() throws(NftError) -> [String]? { try kernel.chains() }
    func sets() throws(NftError) -> [String] { try kernel.sets() }
    func elements(of set: NftSet) throws(NftError) -> [NftElement] { try kernel.elements(of: set) }
    func elementCount(of set: String) throws(NftError) -> Int { try kernel.elementCount(of: set) }
    func ruleCount(of chain: String) throws(NftError) -> Int { try kernel.ruleCount(of: chain) }
    func generation() throws(NftError) -> UInt32 { try kernel.generation() }

    /// Removes the whole table, if it is there.
    func clear() throws(NftError) {
        if try kernel.chains() != nil { try kernel.commit([.deleteTable]) }
    }
}
