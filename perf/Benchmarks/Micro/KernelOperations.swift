import Addresses
import Benchmark
import Netlink

/// Typed operations on their way into the kernel: encoding, sending, the kernel's own work and its answers.
///
/// Each runs in the network namespace that perf/run.sh made for it.
func kernelOperations() {
    func routes(_ count: UInt128) -> [NetworkOperation] {
        guard let pool = IPPrefix("10.112.0.0/12") else { return [] }
        return (0..<count).compactMap { pool.subprefix($0, length: 29) }.map {
            .replaceRoute(Route(destination: $0, table: 10, routeProtocol: 71, kind: .unreachable))
        }
    }

    for count: UInt128 in [1, 5_000] {
        Benchmark("Netlink: replace \(count) routes", configuration: .init(scalingFactor: .one)) { benchmark in
            let operations = routes(count)
            let kernel = try KernelNetwork()
            try check(kernel.apply(operations))
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations { try check(kernel.apply(operations)) }
            benchmark.stopMeasurement()
        }
    }
    Benchmark("Netlink: list 5,000 routes", configuration: .init(scalingFactor: .one)) { benchmark in
        let kernel = try KernelNetwork()
        try check(kernel.apply(routes(5_000)))
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            blackHole(try kernel.routes(table: 10, routeProtocol: 71, family: .ipv4).count)
        }
        benchmark.stopMeasurement()
    }
    Benchmark("Netlink: open a kernel socket", configuration: .init(scalingFactor: .one)) { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try KernelNetwork()) }
    }
}

/// Throws the first refusal.
private func check(_ outcome: [NetlinkError?]) throws {
    for case let refusal? in outcome { throw refusal }
}
