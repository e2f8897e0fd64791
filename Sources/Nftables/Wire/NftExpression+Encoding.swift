import CNftnl

extension NftExpression {
    /// libnftnl's object for the expression; whoever gets it owns it.
    ///
    /// Nil when there is no memory.
    func makeObject() -> OpaquePointer? {
        guard let object = nftnl_expr_alloc(kernelName) else { return nil }
        switch self {
        case .meta(let property, let register):
            object.set(NFTNL_EXPR_META_KEY, property.rawValue)
            object.set(NFTNL_EXPR_META_DREG, register)
        case .payload(let header, let offset, let length, let register):
            object.set(NFTNL_EXPR_PAYLOAD_BASE, header.rawValue)
            object.set(NFTNL_EXPR_PAYLOAD_OFFSET, offset)
            object.set(NFTNL_EXPR_PAYLOAD_LEN, length)
            object.set(NFTNL_EXPR_PAYLOAD_DREG, register)
        case .connection(let property, let register):
            object.set(NFTNL_EXPR_CT_KEY, property.rawValue)
            object.set(NFTNL_EXPR_CT_DREG, register)
        case .destinationKind(let register):
            object.set(NFTNL_EXPR_FIB_RESULT, UInt32(NFT_FIB_RESULT_ADDRTYPE.rawValue))
            object.set(NFTNL_EXPR_FIB_FLAGS, UInt32(NFTA_FIB_F_DADDR.rawValue))
            object.set(NFTNL_EXPR_FIB_DREG, register)
        case .compare(let register, let comparison, let bytes):
            object.set(NFTNL_EXPR_CMP_SREG, register)
            object.set(NFTNL_EXPR_CMP_OP, comparison.rawValue)
            object.set(NFTNL_EXPR_CMP_DATA, bytes)
        case .bitwise(let source, let target, let mask, let xor):
            object.set(NFTNL_EXPR_BITWISE_SREG, source)
            object.set(NFTNL_EXPR_BITWISE_DREG, target)
            object.set(NFTNL_EXPR_BITWISE_LEN, UInt32(mask.count))
            object.set(NFTNL_EXPR_BITWISE_MASK, mask)
            object.set(NFTNL_EXPR_BITWISE_XOR, xor)
        case .lookup(let register, let set, let isInverted):
            object.set(NFTNL_EXPR_LOOKUP_SREG, register)
            object.set(NFTNL_EXPR_LOOKUP_SET, set)
            if isInverted { object.set(NFTNL_EXPR_LOOKUP_FLAGS, UInt32(NFT_LOOKUP_F_INV.rawValue)) }
        case .map(let register, let set, let target):
            object.set(NFTNL_EXPR_LOOKUP_SREG, register)
            object.set(NFTNL_EXPR_LOOKUP_SET, set)
            object.set(NFTNL_EXPR_LOOKUP_DREG, target)
        case .verdictMap(let register, let set):
            object.set(NFTNL_EXPR_LOOKUP_SREG, register)
            object.set(NFTNL_EXPR_LOOKUP_SET, set)
            object.set(NFTNL_EXPR_LOOKUP_DREG, UInt32(NFT_REG_VERDICT.rawValue))
        case .counter, .masquerade:
            break
        case .limit(let rate, let burst):
            nftnl_expr_set_u64(object, UInt16(NFTNL_EXPR_LIMIT_RATE), rate)
            nftnl_expr_set_u64(object, UInt16(NFTNL_EXPR_LIMIT_UNIT), 1)
            object.set(NFTNL_EXPR_LIMIT_BURST, burst)
            object.set(NFTNL_EXPR_LIMIT_TYPE, UInt32(NFT_LIMIT_PKTS.rawValue))
        case .log(let group, let prefix):
            object.set(NFTNL_EXPR_LOG_PREFIX, prefix)
            nftnl_expr_set_u16(object, UInt16(NFTNL_EXPR_LOG_GROUP), group)
            object.set(NFTNL_EXPR_LOG_SNAPLEN, Self.loggedBytes)
        case .translate(let translation, let family, let address, let port):
            object.set(NFTNL_EXPR_NAT_TYPE, translation.rawValue)
            object.set(NFTNL_EXPR_NAT_FAMILY, UInt32(family))
            object.set(NFTNL_EXPR_NAT_REG_ADDR_MIN, address)
            if let port { object.set(NFTNL_EXPR_NAT_REG_PROTO_MIN, port) }
        case .verdict(let verdict):
            object.set(NFTNL_EXPR_IMM_DREG, UInt32(NFT_REG_VERDICT.rawValue))
            object.set(NFTNL_EXPR_IMM_VERDICT, UInt32(bitPattern: verdict.kernelNumber))
            if let chain = verdict.chain { object.set(NFTNL_EXPR_IMM_CHAIN, chain) }
        }
        return object
    }

    /// How much of a packet NFLOG hands over: the headers.
    private static let loggedBytes: UInt32 = 128

    private var kernelName: String {
        switch self {
        case .meta: "meta"
        case .payload: "payload"
        case .connection: "ct"
        case .destinationKind: "fib"
        case .compare: "cmp"
        case .bitwise: "bitwise"
        case .lookup, .map, .verdictMap: "lookup"
        case .counter: "counter"
        case .limit: "limit"
        case .log: "log"
        case .translate: "nat"
        case .masquerade: "masq"
        case .verdict: "immediate"
        }
    }
}

extension NftVerdict {
    /// NF_* and NFT_* (linux/netfilter.h, enum nft_verdicts).
    var kernelNumber: Int32 {
        switch self {
        case .drop: 0
        case .accept: 1
        case .jump: NFT_JUMP.rawValue
        case .goto: NFT_GOTO.rawValue
        case .return: NFT_RETURN.rawValue
        }
    }
}

extension OpaquePointer {
    fileprivate func set(_ attribute: Int, _ value: UInt32) {
        nftnl_expr_set_u32(self, UInt16(attribute), value)
    }

    fileprivate func set(_ attribute: Int, _ register: NftRegister) {
        nftnl_expr_set_u32(self, UInt16(attribute), register.rawValue)
    }

    fileprivate func set(_ attribute: Int, _ text: String) {
        _ = nftnl_expr_set_str(self, UInt16(attribute), text)
    }

    fileprivate func set(_ attribute: Int, _ bytes: [UInt8]) {
        _ = nftnl_expr_set(self, UInt16(attribute), bytes, UInt32(bytes.count))
    }
}
