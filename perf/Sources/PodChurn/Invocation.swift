import CFloor
import Glibc

/// A program call made ready beforehand: path, environment and standard input, in the form the kernel takes them.
final class Invocation: @unchecked Sendable {  // nothing changes after init
    private let strings: [UnsafeMutablePointer<CChar>?]
    private let arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let input: [UInt8]
    private let log: Int32

    init(
        _ path: String, arguments words: [String] = [], environment variables: [String], input: [UInt8], log: Int32
    ) {
        strings = ([path] + words + variables).map { strdup($0) }
        arguments = Self.list(strings.prefix(words.count + 1))
        environment = Self.list(strings.dropFirst(words.count + 1))
        self.input = input
        self.log = log
    }

    /// As execve takes it: ended by a null pointer.
    private static func list(
        _ strings: ArraySlice<UnsafeMutablePointer<CChar>?>
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
        let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() { list[index] = string }
        list[strings.count] = nil
        return list
    }

    deinit {
        for string in strings { free(string) }
        arguments.deallocate()
        environment.deallocate()
    }

    /// Runs it to its end.
    ///
    /// - Throws: when it could not be started or did not exit with 0, with what it said.
    func run(_ what: @autoclosure () -> String) throws -> Outcome {
        var result = floor_spawned()
        var code: Int32 = 0
        let output = [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
            code = floor_spawn(
                strings[0], arguments, environment, input, input.count, log, buffer.baseAddress, buffer.count, &result)
            count = result.length
        }
        try BenchFailure.check("start \(what())", code)
        if result.status != 0 {
            let text = String(decoding: output, as: UTF8.self)
            throw BenchFailure("\(what()) ended with wait status \(result.status) and said: \(text)")
        }
        return Outcome(span: Span(started: result.started, ended: result.ended), output: output)
    }

    /// Starts it and lets it go on.
    func start() throws {
        let code = floor_start(strings[0], arguments, environment, log)
        if code < 0 {
            throw BenchFailure("start \(strings[0].map { String(cString: $0) } ?? "")", errno: -code)
        }
    }

    /// What a container runtime puts into the environment of a plugin.
    static func variables(_ verb: Verb, _ attachment: Attachment, pluginPath: String) -> [String] {
        [
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "CNI_COMMAND=\(verb.rawValue)",
            "CNI_CONTAINERID=\(attachment.containerID)",
            "CNI_NETNS=\(attachment.sandbox.path)",
            "CNI_IFNAME=eth0",
            "CNI_PATH=\(pluginPath)",
            "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=bench;K8S_POD_NAME=pod-\(attachment.serial);"
                + "K8S_POD_INFRA_CONTAINER_ID=\(attachment.containerID);"
                + "K8S_POD_UID=7d9f2d6e-0000-4000-8000-\(attachment.containerID.suffix(12))",
        ]
    }
}
