import LinuxSystem
import Testing

@Suite struct ProcessMemoryTests {
    @Test func whatWasLetGoIsThereWhenItIsNeededAgain() {
        let words = (0..<1_000).map { "word \($0)" }
        ProcessMemory.releaseFree()
        ProcessMemory.releaseCode()
        #expect(words.sorted().first == "word 0" && words.joined(separator: " ").split(separator: " ").count == 2_000)
    }
}
