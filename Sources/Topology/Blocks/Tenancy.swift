/// Who a block is for: a tenant (the pod's namespace) and a segment of it (a label of the pod).
struct Tenancy: Hashable, Sendable {
    var tenant: String
    var segment: String

    init(_ tenant: String, _ segment: String) {
        self.tenant = tenant
        self.segment = segment
    }
}
