import CNftnl

extension NftExpression {
    /// An expression as the kernel tells of it; nil for one that this module does not write.
    init?(_ object: OpaquePointer) {
        guard let name = nftnl_expr_get_str(object, UInt16(NFTNL_EXPR_NAME)).map({ String(cString: $0) }) else {
            return nil
        }
        func number(_ attribute: Int) -> UInt32 {
            nftnl_expr_is_set(object, UInt16(attribute)) ? nftnl_expr_get_u32(object, UInt16(attribute)) : 0
        }
        func bytes(_ attribute: Int) -> [UInt8] {
            var length: UInt32 = 0
            guard let data = nftnl_expr_get(object, UInt16(attribute), &length) else { return [] }
            return Array(UnsafeRawBufferPointer(start: data, count: Int(length)))
        }
        func text(_ attribute: Int) -> String? {
            guard nftnl_expr_is_set(object, UInt16(attribute)) else { return nil }
            return nftnl_expr_get_str(object, UInt16(attribute)).map { String(cString: $0) }
        }
        func register(_ attribute: Int) -> NftRegister { NftRegister(known: number(attribute)) }
        switch name {
        case "meta":
            guard let property = Property(rawValue: number(NFTNL_EXPR_META_KEY)) else { return nil }
            self = .meta(property, register(NFTNL_EXPR_META_DREG))
        case "payload":
            guard let header = Header(rawValue: number(NFTNL_EXPR_PAYLOAD_BASE)) else { return nil }
            self = .payload(
                header, offset: number(NFTNL_EXPR_PAYLOAD_OFFSET), length: number(NFTNL_EXPR_PAYLOAD_LEN),
                register(NFTNL_EXPR_PAYLOAD_DREG))
        case "cmp":
            guard let comparison = Comparison(rawValue: number(NFTNL_EXPR_CMP_OP)) else { return nil }
            self = .compare(register(NFTNL_EXPR_CMP_SREG), comparison, bytes(NFTNL_EXPR_CMP_DATA))
        case "bitwise":
            self = .bitwise(
                register(NFTNL_EXPR_BITWISE_SREG), into: register(NFTNL_EXPR_BITWISE_DREG),
                mask: bytes(NFTNL_EXPR_BITWISE_MASK), xor: bytes(NFTNL_EXPR_BITWISE_XOR))
        case "lookup":
            guard let set = text(NFTNL_EXPR_LOOKUP_SET) else { return nil }
            let source = register(NFTNL_EXPR_LOOKUP_SREG)
            guard nftnl_expr_is_set(object, UInt16(NFTNL_EXPR_LOOKUP_DREG)) else {
                self = .lookup(source, set: set, isInverted: number(NFTNL_EXPR_LOOKUP_FLAGS) & 1 != 0)
                return
            }
            let target = number(NFTNL_EXPR_LOOKUP_DREG)
            self =
                target == UInt32(NFT_REG_VERDICT.rawValue)
                ? .verdictMap(source, set: set) : .map(source, set: set, into: NftRegister(known: target))
        case "counter": self = .counter
        case "limit": self = .limit(perSecond: 0, burst: 0)
        case "log": self = .log(group: 0, prefix: text(NFTNL_EXPR_LOG_PREFIX) ?? "")
        case "immediate":
            let verdict = Int32(bitPattern: number(NFTNL_EXPR_IMM_VERDICT))
            guard number(NFTNL_EXPR_IMM_DREG) == UInt32(NFT_REG_VERDICT.rawValue),
                let verdict = NftVerdict(kernelNumber: verdict, chain: text(NFTNL_EXPR_IMM_CHAIN))
            else { return nil }
            self = .verdict(verdict)
        default: return nil
        }
    }
}

extension NftRegister {
    /// A register by the kernel's number, which for the first of four may be the old one of 16 bytes (1 to 4).
    fileprivate init(known number: UInt32) {
        self.init(rawValue: number < 8 && number > 0 ? 8 + (number - 1) * 4 : number)
    }
}
