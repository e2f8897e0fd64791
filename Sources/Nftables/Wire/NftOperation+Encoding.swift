import CLinux
import CMnl
import CNftnl
import LinuxSystem

extension NftOperation {
    /// The most elements that one message holds: its list's length has 16 bits, and an element with the longest name of a
    /// chain takes some 120 bytes.
    static let elementsPerMessage = 400

    /// Appends the messages of the operation; each says which operation it is of.
    func encode(into batch: NftBatch, table: String, owner: Int) throws(Errno) {
        switch self {
        case .addTable:
            try batch.append(NFT_MSG_NEWTABLE, NLM_F_CREATE, owner) { Self.table(table, $0) }
        case .deleteTable:
            try batch.append(NFT_MSG_DELTABLE, 0, owner) { Self.table(table, $0) }
        case .addChain(let chain):
            try batch.append(NFT_MSG_NEWCHAIN, NLM_F_CREATE, owner) { chain.put(table, $0) }
        case .deleteChain(let name):
            try batch.append(NFT_MSG_DELCHAIN, 0, owner) { NftChain(name).put(table, $0) }
        case .flushChain(let name):
            try batch.append(NFT_MSG_DELRULE, 0, owner) { NftRule().put(table, name, $0) }
        case .addRule(let chain, let rule):
            try batch.append(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, owner) { rule.put(table, chain, $0) }
        case .addSet(let set):
            try batch.append(NFT_MSG_NEWSET, NLM_F_CREATE, owner) { set.put(table, isNew: true, $0) }
        case .deleteSet(let name):
            try batch.append(NFT_MSG_DELSET, 0, owner) { NftSet(name, key: []).put(table, isNew: false, $0) }
        case .flushSet(let name):
            try batch.append(NFT_MSG_DELSETELEM, 0, owner) { NftSet(name, key: []).put(table, isNew: false, $0) }
        case .addElements(let set, let elements):
            for part in elements.parts {
                try batch.append(NFT_MSG_NEWSETELEM, NLM_F_CREATE, owner) { set.put(table, part, $0) }
            }
        case .deleteElements(let set, let elements):
            for part in elements.parts {
                try batch.append(NFT_MSG_DELSETELEM, 0, owner) { set.put(table, part, $0) }
            }
        }
    }

    private static func table(_ name: String, _ header: UnsafeMutablePointer<nlmsghdr>) -> Bool {
        guard let object = nftnl_table_alloc() else { return false }
        defer { nftnl_table_free(object) }
        nftnl_table_set_str(object, UInt16(NFTNL_TABLE_NAME.rawValue), name)
        nftnl_table_nlmsg_build_payload(header, object)
        return true
    }
}

extension [NftElement] {
    /// What goes into one message each.
    fileprivate var parts: [ArraySlice<NftElement>] {
        stride(from: 0, to: count, by: NftOperation.elementsPerMessage).map {
            self[$0..<Swift.min($0 + NftOperation.elementsPerMessage, count)]
        }
    }
}

extension NftChain {
    fileprivate func put(_ table: String, _ header: UnsafeMutablePointer<nlmsghdr>) -> Bool {
        guard let object = nftnl_chain_alloc() else { return false }
        defer { nftnl_chain_free(object) }
        nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TABLE.rawValue), table)
        nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_NAME.rawValue), name)
        if let base {
            nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TYPE.rawValue), base.type)
            nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_HOOKNUM.rawValue), base.hook.rawValue)
            nftnl_chain_set_s32(object, UInt16(NFTNL_CHAIN_PRIO.rawValue), base.priority)
            // NF_DROP or NF_ACCEPT
            nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_POLICY.rawValue), base.isClosed ? 0 : 1)
        }
        withUserData(comment, UInt8(NFTNL_UDATA_CHAIN_COMMENT.rawValue)) { data, length in
            _ = nftnl_chain_set_data(object, UInt16(NFTNL_CHAIN_USERDATA.rawValue), data, length)
        }
        nftnl_chain_nlmsg_build_payload(header, object)
        return true
    }
}

extension NftRule {
    fileprivate func put(_ table: String, _ chain: String, _ header: UnsafeMutablePointer<nlmsghdr>) -> Bool {
        guard let object = nftnl_rule_alloc() else { return false }
        defer { nftnl_rule_free(object) }
        nftnl_rule_set_str(object, UInt16(NFTNL_RULE_TABLE.rawValue), table)
        nftnl_rule_set_str(object, UInt16(NFTNL_RULE_CHAIN.rawValue), chain)
        for expression in expressions {
            guard let part = expression.makeObject() else { return false }
            nftnl_rule_add_expr(object, part)
        }
        withUserData(comment, UInt8(NFTNL_UDATA_RULE_COMMENT.rawValue)) { data, length in
            _ = nftnl_rule_set_data(object, UInt16(NFTNL_RULE_USERDATA.rawValue), data, length)
        }
        nftnl_rule_nlmsg_build_payload(header, object)
        return true
    }
}

/// Hands over a comment as `nft` keeps it (struct nftnl_udata, 127 bytes and a zero), if there is one.
private func withUserData(_ comment: String, _ type: UInt8, _ body: (UnsafeRawPointer, UInt32) -> Void) {
    guard !comment.isEmpty, let buffer = nftnl_udata_buf_alloc(256) else { return }
    defer { nftnl_udata_buf_free(buffer) }
    // A comment is cut between characters, so that it stays text.
    var kept = comment
    while kept.utf8.count > 127 { kept.removeLast() }
    guard nftnl_udata_put_strz(buffer, type, kept), let data = nftnl_udata_buf_data(buffer) else { return }
    body(data, nftnl_udata_buf_len(buffer))
}
