import Addresses
import CLinux
import CNlRoute
import LinuxSystem

extension RoutingRule {
    /// `ip rule add priority N [from P] [to P] [fwmark M] lookup T protocol N`.
    func addRequest(flags: Int32) throws(Errno) -> Message {
        let object = try object()
        return try Message { rtnl_rule_build_add_request(object.pointer, flags, $0) }
    }

    /// `ip rule delete ...` with the same words.
    func deleteRequest() throws(Errno) -> Message {
        let object = try object()
        return try Message { rtnl_rule_build_delete_request(object.pointer, 0, $0) }
    }

    private func object() throws(Errno) -> RuleObject {
        let object = try RuleObject()
        rtnl_rule_set_family(object.pointer, family.number)
        rtnl_rule_set_table(object.pointer, table)
        rtnl_rule_set_prio(object.pointer, priority)
        rtnl_rule_set_action(object.pointer, UInt8(FR_ACT_TO_TBL))
        guard rtnl_rule_set_protocol(object.pointer, routeProtocol) >= 0 else { throw .EINVAL }
        if let source {
            let prefix = try source.binary()
            guard rtnl_rule_set_src(object.pointer, prefix.pointer) >= 0 else { throw .EINVAL }
        }
        if let destination {
            let prefix = try destination.binary()
            guard rtnl_rule_set_dst(object.pointer, prefix.pointer) >= 0 else { throw .EINVAL }
        }
        if let mark {
            rtnl_rule_set_mark(object.pointer, mark)
            rtnl_rule_set_mask(object.pointer, .max)
        }
        return object
    }
}
