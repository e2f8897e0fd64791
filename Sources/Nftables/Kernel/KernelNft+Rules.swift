import CLinux
import CMnl
import CNftnl
import LinuxSystem
import Netlink

extension KernelNft {
    /// `nft list chain inet TABLE NAME`: its rules, in order.
    public func rules(of chain: String) throws(NftError) -> [NftRule] {
        var rules: [NftRule] = []
        try listRules(of: chain) {
            rules = []
        } take: {
            rules.append(NftRule($0))
        }
        return rules
    }

    /// `nft list chain inet TABLE NAME`, counted.
    public func ruleCount(of chain: String) throws(NftError) -> Int {
        var count = 0
        try listRules(of: chain) {
            count = 0
        } take: { _ in
            count += 1
        }
        return count
    }

    private func listRules(
        of chain: String, restart: () -> Void, take: (OpaquePointer) -> Void
    ) throws(NftError) {
        try ask("list chain \(chain)", NFT_MSG_GETRULE, isDump: true) { header in
            mnl_attr_put_strz(header, UInt16(NFTA_RULE_TABLE.rawValue), table)
            mnl_attr_put_strz(header, UInt16(NFTA_RULE_CHAIN.rawValue), chain)
        } restart: {
            restart()
        } take: { reply in
            guard let object = nftnl_rule_alloc() else { return }
            defer { nftnl_rule_free(object) }
            // Where there is no such chain an older kernel tells of the others.
            guard nftnl_rule_nlmsg_parse(reply.header, object) == 0,
                let name = nftnl_rule_get_str(object, UInt16(NFTNL_RULE_CHAIN.rawValue)),
                String(cString: name) == chain
            else { return }
            take(object)
        }
    }

    /// `nft get element inet TABLE SET { KEY }`; nil when it is not there.
    public func element(_ key: [NftValue], of set: NftSet) throws(NftError) -> NftElement? {
        try elements(of: set).first { $0.key == key && !$0.endsRange }
    }

    /// Whether a set holds a key, or a range that the key is in.
    public func holds(_ key: [NftValue], in set: NftSet) throws(NftError) -> Bool {
        let element = [NftElement(key)][...]
        do {
            try ask("get element \(set.name) { \(key.text) }", NFT_MSG_GETSETELEM, isDump: false) { header in
                _ = set.put(table, element, header)
            } restart: {
            } take: { _ in
            }
            return true
        } catch {
            if error.errno == .ENOENT { return false }
            throw error
        }
    }
}

extension NftRule {
    /// A rule as the kernel tells of it; what this module does not write is left out.
    fileprivate init(_ object: OpaquePointer) {
        self.init([NftExpression](), comment: Self.comment(of: object))
        guard let iterator = nftnl_expr_iter_create(object) else { return }
        defer { nftnl_expr_iter_destroy(iterator) }
        while let part = nftnl_expr_iter_next(iterator) {
            if let expression = NftExpression(part) { expressions.append(expression) }
        }
    }

    /// The comment of a rule as the kernel tells of it.
    static func comment(of object: OpaquePointer) -> String {
        var length: UInt32 = 0
        guard let data = nftnl_rule_get_data(object, UInt16(NFTNL_RULE_USERDATA.rawValue), &length), length > 2 else {
            return ""
        }
        // struct nftnl_udata: type, length, value; the comment ends with a zero.
        let bytes = UnsafeRawBufferPointer(start: data, count: Int(length))
        return bytes[0] == 0 ? String(decoding: bytes[2...].prefix { $0 != 0 }, as: UTF8.self) : ""
    }
}
