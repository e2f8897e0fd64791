import Glibc

/// `make demo`: the whole system on one machine, from nothing to nothing, within a minute.
@main
struct Main {
    static func main() async {
        var demo = Demo()
        do {
            try await demo.run()
        } catch {
            demo.narration.failed("\(error)")
            exit(1)
        }
    }
}
