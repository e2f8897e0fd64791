import Glibc

/// What a command did.
struct CommandResult {
    let status: Int32
    let output: String
}

/// Runs a shell command in the calling thread's network namespace, to look at the kernel with other eyes than ours.
func shell(_ command: String) -> CommandResult {
    guard let pipe = popen("exec 2>&1; \(command)", "r") else { return CommandResult(status: -1, output: "popen") }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = fread(&chunk, 1, chunk.count, pipe)
        if count == 0 { break }
        output += chunk[..<count]
    }
    let status = pclose(pipe)
    return CommandResult(status: status, output: String(decoding: output, as: UTF8.self))
}
