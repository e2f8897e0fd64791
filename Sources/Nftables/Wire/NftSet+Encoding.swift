import CLinux
import CMnl
import CNftnl

extension NftSet {
    /// NFT_SET_MAP and NFT_SET_INTERVAL.
    private var flags: UInt32 {
        (mapping == .nothing ? 0 : UInt32(NFT_SET_MAP.rawValue))
            | (isInterval ? UInt32(NFT_SET_INTERVAL.rawValue) : 0)
    }

    /// Every new set of a transaction needs a number of its own, by which its elements could be put.
    private var number: UInt32 { name.utf8.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 } }

    private func makeObject(_ table: String, isNew: Bool) -> OpaquePointer? {
        guard let object = nftnl_set_alloc() else { return nil }
        nftnl_set_set_str(object, UInt16(NFTNL_SET_TABLE.rawValue), table)
        nftnl_set_set_str(object, UInt16(NFTNL_SET_NAME.rawValue), name)
        guard isNew else { return object }
        nftnl_set_set_u32(object, UInt16(NFTNL_SET_ID.rawValue), number)
        nftnl_set_set_u32(object, UInt16(NFTNL_SET_KEY_TYPE.rawValue), key.typeNumber)
        nftnl_set_set_u32(object, UInt16(NFTNL_SET_KEY_LEN.rawValue), UInt32(key.length))
        if flags != 0 { nftnl_set_set_u32(object, UInt16(NFTNL_SET_FLAGS.rawValue), flags) }
        switch mapping {
        case .nothing: break
        case .verdict:
            nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_TYPE.rawValue), 0xffff_ff00)
            nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_LEN.rawValue), 16)
        case .fields(let fields):
            nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_TYPE.rawValue), fields.typeNumber)
            nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_LEN.rawValue), UInt32(fields.length))
        }
        return object
    }

    /// The payload of a message about the set itself.
    func put(_ table: String, isNew: Bool, _ header: UnsafeMutablePointer<nlmsghdr>) -> Bool {
        guard let object = makeObject(table, isNew: isNew) else { return false }
        defer { nftnl_set_free(object) }
        nftnl_set_nlmsg_build_payload(header, object)
        return true
    }

    /// The payload of a message about elements of the set.
    func put(_ table: String, _ elements: ArraySlice<NftElement>, _ header: UnsafeMutablePointer<nlmsghdr>) -> Bool {
        guard let object = makeObject(table, isNew: false) else { return false }
        defer { nftnl_set_free(object) }
        for element in elements {
            guard let part = element.makeObject() else { return false }
            nftnl_set_elem_add(object, part)
        }
        nftnl_set_elems_nlmsg_build_payload(header, object)
        return true
    }
}

extension NftElement {
    fileprivate func makeObject() -> OpaquePointer? {
        guard let object = nftnl_set_elem_alloc() else { return nil }
        let bytes = key.bytes
        _ = nftnl_set_elem_set(object, UInt16(NFTNL_SET_ELEM_KEY), bytes, UInt32(bytes.count))
        if endsRange {
            nftnl_set_elem_set_u32(
                object, UInt16(NFTNL_SET_ELEM_FLAGS), UInt32(NFT_SET_ELEM_INTERVAL_END.rawValue))
        }
        switch content {
        case .nothing: break
        case .verdict(let verdict):
            nftnl_set_elem_set_u32(object, UInt16(NFTNL_SET_ELEM_VERDICT), UInt32(bitPattern: verdict.kernelNumber))
            if let chain = verdict.chain {
                _ = nftnl_set_elem_set_str(object, UInt16(NFTNL_SET_ELEM_CHAIN), chain)
            }
        case .values(let values):
            let data = values.bytes
            _ = nftnl_set_elem_set(object, UInt16(NFTNL_SET_ELEM_DATA), data, UInt32(data.count))
        }
        return object
    }
}
