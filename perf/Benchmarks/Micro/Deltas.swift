import Benchmark
import Deltas

/// What is wanted, what was seen and the difference.
func deltas() {
    let table: [Int: Int] = Dictionary(uniqueKeysWithValues: (0..<10_000).map { (key: Int) in (key, key * 7) })

    Benchmark("Delta: one change among 10,000 keys, made and applied") { benchmark in
        var delta = Delta<Int, Int>()
        delta.wantExactly(table)
        delta.sawExactly(table)
        benchmark.startMeasurement()
        for round in benchmark.scaledIterations {
            let key = round % 10_000
            delta.want(key, round &+ 1_000_000)
            delta.applied(key)
        }
        benchmark.stopMeasurement()
        blackHole(delta.isSettled)
    }
    Benchmark("Delta: 10,000 keys from nothing", configuration: .init(scalingFactor: .one)) { benchmark in
        for _ in benchmark.scaledIterations {
            var delta = Delta<Int, Int>()
            delta.wantExactly(table)
            delta.sawExactly([:])
            blackHole(delta.pendingUpdates.count)
        }
    }
    Benchmark("Delta: the same 10,000 keys wanted again", configuration: .init(scalingFactor: .one)) { benchmark in
        var delta = Delta<Int, Int>()
        delta.wantExactly(table)
        delta.sawExactly(table)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { delta.wantExactly(table) }
        benchmark.stopMeasurement()
        blackHole(delta.isSettled)
    }
}
