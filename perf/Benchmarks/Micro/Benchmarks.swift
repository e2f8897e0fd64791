import Benchmark

/// All microbenchmarks; each file registers those of one subject.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock],
        warmupIterations: 3,
        scalingFactor: .kilo,
        maxDuration: .seconds(1),
        maxIterations: 100_000)
    documents()
    frames()
    deltas()
    addressManagement()
    kernelOperations()
}
