/// Where etcd keeps hosts and what is theirs.
struct HostKeys: Sendable {
    /// What keys of hosts begin with: PREFIX/hosts/.
    let hosts: String
    /// What keys of live agents begin with: PREFIX/alive/.
    let alive: String
    /// What keys of hosts' grants begin with: PREFIX/grants/.
    let grants: String
    /// What keys of blocks begin with: PREFIX/blocks/.
    let blocks: String
    /// What keys of addresses begin with that were given out by the API: PREFIX/addresses/.
    let addresses: String

    init(prefix: String) {
        hosts = "\(prefix)/hosts/"
        alive = "\(prefix)/alive/"
        grants = "\(prefix)/grants/"
        blocks = "\(prefix)/blocks/"
        addresses = "\(prefix)/addresses/"
    }
}
