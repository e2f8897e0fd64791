import Addresses
import CLinux
import CNlRoute

extension RoutingRule {
    /// The rule that an RTM_NEWRULE or RTM_DELRULE describes; nil if it does not lead to a table.
    init?(_ reply: Reply) {
        guard let rule = ParsedObject.parse(reply, RoutingRule.init(libnl:)) else { return nil }
        self = rule
    }

    private init?(libnl object: OpaquePointer) {
        guard rtnl_rule_get_action(object) == UInt8(FR_ACT_TO_TBL) else { return nil }
        let family: AddressFamily = rtnl_rule_get_family(object) == AddressFamily.ipv6.number ? .ipv6 : .ipv4
        var routeProtocol: UInt8 = 0
        _ = rtnl_rule_get_protocol(object, &routeProtocol)
        let mark = rtnl_rule_get_mark(object)
        // libnl answers all ones for what is not there.
        let priority = rtnl_rule_get_prio(object)
        self.init(
            family: family, table: rtnl_rule_get_table(object), priority: priority == .max ? 0 : priority,
            routeProtocol: routeProtocol,
            source: IPPrefix(libnl: rtnl_rule_get_src(object), family: family),
            destination: IPPrefix(libnl: rtnl_rule_get_dst(object), family: family),
            mark: mark == .max || mark == 0 ? nil : mark)
    }
}
