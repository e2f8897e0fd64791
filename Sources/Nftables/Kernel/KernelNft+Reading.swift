import Addresses
import CLinux
import CMnl
import CNftnl
import LinuxSystem
import Netlink

extension KernelNft {
    /// `nft list chains inet`, those of the table; nil when there is no such table.
    public func chains() throws(NftError) -> [String]? {
        guard try hasTable() else { return nil }
        var names: [String] = []
        try ask("list chains", NFT_MSG_GETCHAIN, isDump: true) { _ in
        } restart: {
            names = []
        } take: { reply in
            guard let object = nftnl_chain_alloc() else { return }
            defer { nftnl_chain_free(object) }
            guard nftnl_chain_nlmsg_parse(reply.header, object) == 0,
                text(nftnl_chain_get_str(object, UInt16(NFTNL_CHAIN_TABLE.rawValue))) == table
            else { return }
            names.append(text(nftnl_chain_get_str(object, UInt16(NFTNL_CHAIN_NAME.rawValue))))
        }
        return names
    }

    /// `nft list sets inet` and `nft list maps inet`, those of the table.
    public func sets() throws(NftError) -> [String] {
        guard try hasTable() else { return [] }
        var names: [String] = []
        try ask("list sets", NFT_MSG_GETSET, isDump: true) { header in
            mnl_attr_put_strz(header, UInt16(NFTA_SET_TABLE.rawValue), table)
        } restart: {
            names = []
        } take: { reply in
            guard let object = nftnl_set_alloc() else { return }
            defer { nftnl_set_free(object) }
            guard nftnl_set_nlmsg_parse(reply.header, object) == 0 else { return }
            names.append(text(nftnl_set_get_str(object, UInt16(NFTNL_SET_NAME.rawValue))))
        }
        return names
    }

    /// `nft list set inet TABLE NAME`.
    public func elements(of set: NftSet) throws(NftError) -> [NftElement] {
        var elements: [NftElement] = []
        try ask("list set \(set.name)", NFT_MSG_GETSETELEM, isDump: true) { header in
            mnl_attr_put_strz(header, UInt16(NFTA_SET_ELEM_LIST_TABLE.rawValue), table)
            mnl_attr_put_strz(header, UInt16(NFTA_SET_ELEM_LIST_SET.rawValue), set.name)
        } restart: {
            elements = []
        } take: { reply in
            guard let object = nftnl_set_alloc() else { return }
            defer { nftnl_set_free(object) }
            guard nftnl_set_elems_nlmsg_parse(reply.header, object) == 0,
                let iterator = nftnl_set_elems_iter_create(object)
            else { return }
            defer { nftnl_set_elems_iter_destroy(iterator) }
            while let part = nftnl_set_elems_iter_next(iterator) {
                if let element = NftElement(part, of: set) { elements.append(element) }
            }
        }
        return elements
    }

    /// `nft list set inet TABLE NAME`, counted.
    public func elementCount(of set: String) throws(NftError) -> Int {
        var count = 0
        try ask("list set \(set)", NFT_MSG_GETSETELEM, isDump: true) { header in
            mnl_attr_put_strz(header, UInt16(NFTA_SET_ELEM_LIST_TABLE.rawValue), table)
            mnl_attr_put_strz(header, UInt16(NFTA_SET_ELEM_LIST_SET.rawValue), set)
        } restart: {
            count = 0
        } take: { reply in
            for attribute in AttributeList(reply.header, offset: MemoryLayout<nfgenmsg>.size)
            where attribute.type == UInt16(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) {
                for _ in AttributeList(in: attribute) { count += 1 }
            }
        }
        return count
    }

    /// `nft list ruleset` begins with it when asked for `--handle`; here the number alone.
    public func generation() throws(NftError) -> UInt32 {
        var generation: UInt32 = 0
        try ask("get generation", NFT_MSG_GETGEN, isDump: false) { _ in
        } restart: {
        } take: { reply in
            // struct nfgenmsg, then NFTA_GEN_ID in network order.
            guard let attribute = mnl_nlmsg_get_payload_offset(reply.header, 4) else { return }
            let pointer = attribute.assumingMemoryBound(to: nlattr.self)
            if mnl_attr_get_type(pointer) == UInt16(NFTA_GEN_ID.rawValue) {
                generation = UInt32(bigEndian: mnl_attr_get_u32(pointer))
            }
        }
        return generation
    }

    /// `nft list table inet TABLE`.
    private func hasTable() throws(NftError) -> Bool {
        do {
            try ask("list table \(table)", NFT_MSG_GETTABLE, isDump: false) { header in
                mnl_attr_put_strz(header, UInt16(NFTA_TABLE_NAME.rawValue), table)
            } restart: {
            } take: { _ in
            }
            return true
        } catch {
            if error.errno == .ENOENT { return false }
            throw error
        }
    }

    private func text(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }
}

extension NftElement {
    /// An element as the kernel tells of it; nil when it is not of the set's kind.
    init?(_ object: OpaquePointer, of set: NftSet) {
        var length: UInt32 = 0
        guard let data = nftnl_set_elem_get(object, UInt16(NFTNL_SET_ELEM_KEY), &length),
            let key = [NftValue](UnsafeRawBufferPointer(start: data, count: Int(length)), set.key)
        else { return nil }
        self.init(
            key,
            endsRange: Self.number(object, NFTNL_SET_ELEM_FLAGS) & UInt32(NFT_SET_ELEM_INTERVAL_END.rawValue) != 0)
        switch set.mapping {
        case .nothing: break
        case .verdict:
            let number = Int32(bitPattern: Self.number(object, NFTNL_SET_ELEM_VERDICT))
            let chain = nftnl_set_elem_get_str(object, UInt16(NFTNL_SET_ELEM_CHAIN)).map { String(cString: $0) }
            guard let verdict = NftVerdict(kernelNumber: number, chain: chain) else { return nil }
            content = .verdict(verdict)
        case .fields(let fields):
            guard let data = nftnl_set_elem_get(object, UInt16(NFTNL_SET_ELEM_DATA), &length),
                let values = [NftValue](UnsafeRawBufferPointer(start: data, count: Int(length)), fields)
            else { return nil }
            content = .values(values)
        }
    }

    /// What libnftnl keeps of an attribute; it takes nothing for an answer when it has none.
    private static func number(_ object: OpaquePointer, _ attribute: Int) -> UInt32 {
        nftnl_set_elem_is_set(object, UInt16(attribute)) ? nftnl_set_elem_get_u32(object, UInt16(attribute)) : 0
    }
}

extension NftVerdict {
    /// A verdict by the kernel's number.
    init?(kernelNumber: Int32, chain: String?) {
        switch (kernelNumber, chain) {
        case (0, _): self = .drop
        case (1, _): self = .accept
        case (NFT_RETURN.rawValue, _): self = .return
        case (NFT_JUMP.rawValue, let chain?): self = .jump(chain)
        case (NFT_GOTO.rawValue, let chain?): self = .goto(chain)
        default: return nil
        }
    }
}

extension [NftValue] {
    /// The fields of a key or of data; nil when there are not as many bytes as they take.
    init?(_ bytes: UnsafeRawBufferPointer, _ fields: [NftField]) {
        guard bytes.count >= fields.length else { return nil }
        self = []
        var offset = 0
        for field in fields {
            let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + field.length])
            switch field {
            case .mark: append(.mark(part.loadUnaligned(as: UInt32.self)))
            case .interface: append(.interface(part.loadUnaligned(as: UInt32.self)))
            case .ipv4Address, .ipv6Address: IPAddress(bytes: part).map { append(.address($0)) }
            case .transport: append(.transport(part[0]))
            case .service: append(.service(UInt16(bigEndian: part.loadUnaligned(as: UInt16.self))))
            }
            offset += field.paddedLength
        }
    }
}
