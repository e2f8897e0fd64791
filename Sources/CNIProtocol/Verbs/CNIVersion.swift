/// A version of the CNI specification, as written in `cniVersion`.
public struct CNIVersion: Hashable, Sendable {
    /// The first number.
    public let major: Int
    /// The second number.
    public let minor: Int
    /// The third number.
    public let patch: Int

    /// The version MAJOR.MINOR.PATCH.
    public init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// 0.3.0, the first with `interfaces` and `ips` in a result.
    public static let v0_3_0 = CNIVersion(0, 3, 0)
    /// 0.3.1.
    public static let v0_3_1 = CNIVersion(0, 3, 1)
    /// 0.4.0, the first with CHECK.
    public static let v0_4_0 = CNIVersion(0, 4, 0)
    /// 1.0.0, the first without `ips[].version`.
    public static let v1_0_0 = CNIVersion(1, 0, 0)
    /// 1.1.0, the first with GC and STATUS.
    public static let v1_1_0 = CNIVersion(1, 1, 0)

    /// The versions that are served, oldest first.
    public static let supported = [v0_3_0, v0_3_1, v0_4_0, v1_0_0, v1_1_0]
    /// The newest version that is served; errors that precede the reading of a configuration are written in it.
    public static let newest = v1_1_0

    /// Whether the version is served.
    public var isSupported: Bool { Self.supported.contains(self) }

    /// Refuses a verb that this version of the specification does not have (code 1).
    public func require(_ command: CNICommand) throws(CNIError) {
        guard self >= command.minimumVersion else {
            throw CNIError(
                .incompatibleVersion,
                "\(command.rawValue) needs cniVersion \(command.minimumVersion) or later, the config says \(self)")
        }
    }
}

extension CNIVersion {
    /// The version that a document names as its `cniVersion`, served or not; nil when it cannot be told.
    ///
    /// For answers to documents that are otherwise refused.
    public init?(statedIn document: [UInt8]) {
        guard let text = (try? JSONValue(parsing: document))?["cniVersion"]?.stringValue else { return nil }
        self.init(text)
    }
}

extension CNIVersion: Comparable {
    /// Whether a version is older than another.
    public static func < (left: CNIVersion, right: CNIVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}

extension CNIVersion: LosslessStringConvertible {
    /// Reads `MAJOR.MINOR.PATCH`, three plain decimal numbers; nil for anything else.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard (1...9).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            numbers.append(part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
        }
        self.init(numbers[0], numbers[1], numbers[2])
    }

    /// `1.1.0`.
    public var description: String { "\(major).\(minor).\(patch)" }
}
