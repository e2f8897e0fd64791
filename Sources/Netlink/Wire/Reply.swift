package import CLinux
import CMnl
import LinuxSystem

/// One message from the kernel, looked at in place.
package struct Reply {
    /// The message, header first; valid until the next receive.
    package let header: UnsafePointer<nlmsghdr>

    /// The sequence number of the request that it answers; 0 for events.
    package var sequence: UInt32 { header.pointee.nlmsg_seq }

    /// RTM_* or NLMSG_*.
    package var type: UInt16 { header.pointee.nlmsg_type }

    /// NLM_F_*.
    package var flags: UInt16 { header.pointee.nlmsg_flags }

    /// Whether what was dumped changed meanwhile, so that the dump may be wrong.
    package var isInterrupted: Bool { flags & UInt16(NLM_F_DUMP_INTR) != 0 }

    /// What an NLMSG_ERROR or NLMSG_DONE says: nil for success.
    package func refusal(of operation: @autoclosure () -> String) -> NetlinkError? {
        guard mnl_nlmsg_get_payload_len(header) >= MemoryLayout<Int32>.size,
            let payload = mnl_nlmsg_get_payload(header)
        else { return nil }
        let code = payload.loadUnaligned(as: Int32.self)
        guard code < 0 else { return nil }
        return NetlinkError(operation: operation(), errno: Errno(rawValue: -code), kernelText: explanation)
    }

    /// The kernel's words (NLMSGERR_ATTR_MSG), behind the error and, unless it was capped, the request's copy.
    private var explanation: String? {
        guard flags & UInt16(NLM_F_ACK_TLVS) != 0, let payload = mnl_nlmsg_get_payload(header) else { return nil }
        var offset = type == UInt16(NLMSG_DONE) ? MemoryLayout<Int32>.size : MemoryLayout<nlmsgerr>.size
        if type == UInt16(NLMSG_ERROR), flags & UInt16(NLM_F_CAPPED) == 0 {
            let request = UnsafeRawPointer(payload).advanced(by: MemoryLayout<Int32>.size)
            offset += mnl_nlmsg_get_payload_len(request.assumingMemoryBound(to: nlmsghdr.self))
        }
        for attribute in AttributeList(header, offset: offset)
        where attribute.type == UInt16(NLMSGERR_ATTR_MSG.rawValue) {
            return attribute.text
        }
        return nil
    }
}

/// The messages that one receive brought.
package struct ReplyList: Sequence, IteratorProtocol {
    private var position: UnsafePointer<nlmsghdr>?
    private var rest: Int32

    /// The messages in what was received.
    package init(_ bytes: UnsafeRawBufferPointer) {
        position = bytes.baseAddress?.assumingMemoryBound(to: nlmsghdr.self)
        rest = Int32(bytes.count)
    }

    /// The next message; nil behind the last.
    package mutating func next() -> Reply? {
        guard let header = position, mnl_nlmsg_ok(header, rest) else { return nil }
        position = UnsafePointer(mnl_nlmsg_next(header, &rest))
        return Reply(header: header)
    }
}

/// One attribute of a message, looked at in place.
package struct Attribute {
    /// The attribute, header first.
    let pointer: UnsafePointer<nlattr>

    /// The attribute's number without the flags in its upper bits.
    package var type: UInt16 { mnl_attr_get_type(pointer) }

    /// The text it holds, up to its end or a zero.
    package var text: String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    /// What it holds.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: mnl_attr_get_payload(pointer), count: Int(mnl_attr_get_payload_len(pointer)))
    }
}

/// The attributes of a message, from an offset into its payload, or of a nest.
package struct AttributeList: Sequence, IteratorProtocol {
    private var position: UnsafeRawPointer?
    private let end: UnsafeRawPointer

    /// The attributes behind `offset` bytes of a message's payload.
    package init(_ header: UnsafePointer<nlmsghdr>, offset: Int) {
        position = UnsafeRawPointer(mnl_nlmsg_get_payload_offset(header, offset))
        end = UnsafeRawPointer(header) + Int(header.pointee.nlmsg_len)
    }

    /// The attributes in a nest.
    package init(in nest: Attribute) {
        position = UnsafeRawPointer(mnl_attr_get_payload(nest.pointer))
        end = UnsafeRawPointer(nest.pointer) + Int(nest.pointer.pointee.nla_len)
    }

    /// The next attribute; nil behind the last.
    package mutating func next() -> Attribute? {
        guard let start = position, start < end else { return nil }
        let pointer = start.assumingMemoryBound(to: nlattr.self)
        guard mnl_attr_ok(pointer, Int32(end - start)) else { return nil }
        position = UnsafeRawPointer(mnl_attr_next(pointer))
        return Attribute(pointer: pointer)
    }
}
