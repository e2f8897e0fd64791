/// A failure as a runtime is told of it: JSON on standard output beside a non-zero exit (CNI spec 1.1, section 5, "Error").
public struct CNIError: Error, Hashable, Sendable {
    /// What kind of failure it is; runtimes branch on it.
    public let code: Code
    /// One sentence, lower case.
    public let message: String
    /// What else may help, empty if nothing.
    public let details: String

    /// States a failure.
    public init(_ code: Code, _ message: String, details: String = "") {
        self.code = code
        self.message = message
        self.details = details
    }

    /// The numbers of the specification (0 to 99) and our own (100 and up).
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number as written in JSON.
        public let rawValue: UInt

        /// The code of a number.
        public init(rawValue: UInt) { self.rawValue = rawValue }

        /// 1: the version asked for is not served, or has no such verb.
        public static let incompatibleVersion = Code(rawValue: 1)
        /// 2: a field of the configuration is not served; the message holds key and value.
        public static let unsupportedField = Code(rawValue: 2)
        /// 3: the container is unknown or gone; the runtime need not clean up.
        public static let unknownContainer = Code(rawValue: 3)
        /// 4: a variable of the environment is missing or invalid; the message names each.
        public static let invalidEnvironment = Code(rawValue: 4)
        /// 5: reading or writing failed.
        public static let io = Code(rawValue: 5)
        /// 6: the configuration is not the JSON it should be.
        public static let decoding = Code(rawValue: 6)
        /// 7: the configuration can be read but makes no sense.
        public static let invalidConfig = Code(rawValue: 7)
        /// 8: what `CNI_NETNS` names is not a network namespace, or is the plugin's own.
        public static let invalidNetns = Code(rawValue: 8)
        /// 11: a passing state; the runtime should try again later.
        public static let tryAgainLater = Code(rawValue: 11)
        /// 50: STATUS only: an ADD cannot be served.
        public static let unavailable = Code(rawValue: 50)
        /// 51: STATUS only: an ADD cannot be served, and running containers may have limited connectivity.
        public static let limitedConnectivity = Code(rawValue: 51)
        /// 100: the kernel refused what an attachment needs.
        public static let kernelRefused = Code(rawValue: 100)
        /// 101: no address is to be had for the attachment.
        public static let noAddress = Code(rawValue: 101)
        /// 102: the container has an interface of that name already.
        public static let interfaceExists = Code(rawValue: 102)
        /// 103: CHECK found an attachment other than its result says.
        public static let attachmentDiffers = Code(rawValue: 103)
    }

    /// The failure as a runtime reads it, in the version that it speaks.
    public func json(version: CNIVersion = .newest) -> [UInt8] {
        var members: [(key: String, value: JSONValue)] = [
            (key: "cniVersion", value: .string(version.description)),
            (key: "code", value: .integer(code.rawValue)),
            (key: "msg", value: .string(message)),
        ]
        if !details.isEmpty { members.append((key: "details", value: .string(details))) }
        return JSONValue.object(members).bytes
    }
}

extension CNIError: CustomStringConvertible {
    /// The sentence, with its details and the number of its code.
    public var description: String {
        "\(message)\(details.isEmpty ? "" : ": \(details)") (code \(code.rawValue))"
    }
}
