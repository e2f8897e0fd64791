import Testing

/// Everything that is tested on real parts: the programs themselves, etcd, namespaces, containerd.
///
/// One test at a time: each has a cluster of its own, and two cores are not enough for two of them.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct SystemTests {}
