import CLinux
import CMnl
import CNftnl
import LinuxSystem
import Netlink

/// The table of one network namespace, over nfnetlink; for one thread.
///
/// What it copes with:
/// - *A transaction is all or nothing:* the first refusal is the error; what came of the others does not matter.
/// - *Success is silent:* the last message asks for an answer, and the kernel answers in order.
/// - *The whole transaction goes out in one call:* the send buffer is as large as the largest one.
public final class KernelNft: NftKernel {
    /// The table's name.
    public let table: String
    /// For transactions.
    private let socket: NetlinkSocket
    private let batch = NftBatch()
    /// For reading.
    private let questions: Exchange

    /// Opens the table `table`, which need not exist, in the calling thread's namespace.
    public init(table: String) throws(NftError) {
        self.table = table
        do {
            socket = try NetlinkSocket(
                protocol: NETLINK_NETFILTER, sendBytes: Self.bufferBytes, receiveBytes: Self.bufferBytes)
            questions = try Exchange(protocol: NETLINK_NETFILTER)
        } catch {
            throw NftError(error)
        }
    }

    private static let bufferBytes: Int32 = 64 << 20

    /// Does all operations or none.
    public func commit(_ operations: [NftOperation]) throws(NftError) {
        guard !operations.isEmpty else { return }
        batch.begin()
        for (index, operation) in operations.enumerated() {
            do throws(Errno) {
                try operation.encode(into: batch, table: table, owner: index)
            } catch {
                throw NftError(operation: "\(operation)", errno: error)
            }
        }
        var refusal: NftError?
        do throws(Errno) {
            try socket.send(batch.bytes())
            receiving: while true {
                for reply in ReplyList(try socket.receive()) where batch.covers(reply.sequence) {
                    guard reply.type == UInt16(NLMSG_ERROR) else { continue }
                    let owner = batch.owner(of: reply.sequence)
                    if refusal == nil, let said = reply.refusal(of: owner.map { "\(operations[$0])" } ?? "commit") {
                        refusal = NftError(said)
                        // A refused transaction ends with the answers to what was refused.
                        if owner == nil { break receiving }
                    }
                    if reply.sequence == batch.lastSequence { break receiving }
                }
            }
        } catch {
            throw NftError(operation: "commit of \(operations.count) operations", errno: error)
        }
        if let refusal { throw refusal }
    }

    /// Sends one request and takes in the replies up to the end.
    func ask(
        _ operation: @autoclosure () -> String, _ type: nf_tables_msg_types, isDump: Bool,
        _ build: (UnsafeMutablePointer<nlmsghdr>) -> Void, restart: () -> Void, take: (Reply) -> Void
    ) throws(NftError) {
        do {
            try questions.ask(
                operation(), type: Int(NFNL_SUBSYS_NFTABLES) << 8 | Int(type.rawValue),
                flags: isDump ? NLM_F_DUMP : NLM_F_ACK,
                { header in
                    let message = mnl_nlmsg_put_extra_header(header, MemoryLayout<nfgenmsg>.size)
                    // NFPROTO_INET is 1.
                    message?.assumingMemoryBound(to: nfgenmsg.self).pointee.nfgen_family = 1
                    build(header)
                }, restart: restart, take: take)
        } catch {
            throw NftError(error)
        }
    }
}
