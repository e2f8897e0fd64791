import CLinux
import CMnl
import CNftnl
import LinuxSystem
import Netlink

/// The table of one network namespace, over one nfnetlink socket; for one thread.
///
/// What it copes with:
/// - *A transaction is all or nothing:* the first refusal is the error; what came of the others does not matter.
/// - *Success is silent:* the last message asks for an answer, and the kernel answers in order.
/// - *The whole transaction goes out in one call:* the send buffer is as large as the largest one.
public final class KernelNft: NftKernel {
    /// The table's name.
    public let table: String
    private let socket: NetlinkSocket
    private let batch = NftBatch()

    /// Opens the table `table`, which need not exist, in the calling thread's namespace.
    public init(table: String) throws(NftError) {
        self.table = table
        do {
            socket = try NetlinkSocket(
                protocol: NETLINK_NETFILTER, sendBytes: Self.bufferBytes, receiveBytes: Self.bufferBytes)
        } catch {
            throw NftError(operation: error.operation, errno: error.errno, kernelText: error.kernelText)
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
                        refusal = NftError(
                            operation: said.operation, errno: said.errno, kernelText: said.kernelText)
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
        _ operation: String, _ type: nf_tables_msg_types, isDump: Bool,
        _ build: (UnsafeMutablePointer<nlmsghdr>) -> Void, restart: () -> Void, take: (Reply) -> Void
    ) throws(NftError) {
        var request = [UInt8](repeating: 0, count: 4096)
        for _ in 1...20 {
            restart()
            sequence &+= 1
            let answer = request.withUnsafeMutableBytes { bytes in
                Self.send(bytes, type, isDump, sequence, build, on: socket)
            }
            do throws(Errno) {
                let length = try answer.get()
                _ = length
                var isWhole = true
                receiving: while true {
                    for reply in ReplyList(try socket.receive()) where reply.sequence == sequence {
                        if reply.isInterrupted { isWhole = false }
                        switch Int32(reply.type) {
                        case NLMSG_ERROR, NLMSG_DONE:
                            if let said = reply.refusal(of: operation) { throw said.errno }
                            break receiving
                        default: take(reply)
                        }
                    }
                }
                if isWhole { return }
            } catch {
                if error == .EINTR { continue }
                throw NftError(operation: operation, errno: error)
            }
        }
        throw NftError(operation: operation, errno: .EAGAIN, kernelText: "it changed whenever it was read")
    }

    private var sequence: UInt32 = 0x4000_0000 + 0x4000_0000

    private static func send(
        _ bytes: UnsafeMutableRawBufferPointer, _ type: nf_tables_msg_types, _ isDump: Bool, _ sequence: UInt32,
        _ build: (UnsafeMutablePointer<nlmsghdr>) -> Void, on socket: NetlinkSocket
    ) -> Result<Int, Errno> {
        guard let base = bytes.baseAddress,
            let header = nftnl_nlmsg_build_hdr(
                base.assumingMemoryBound(to: CChar.self), UInt16(type.rawValue), 1,
                UInt16(isDump ? NLM_F_DUMP : NLM_F_ACK), sequence)
        else { return .failure(.ENOMEM) }
        build(header)
        let count = Int(header.pointee.nlmsg_len)
        do throws(Errno) {
            try socket.send(UnsafeRawBufferPointer(start: base, count: count))
            return .success(count)
        } catch {
            return .failure(error)
        }
    }
}
