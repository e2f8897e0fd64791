/// The answer to VERSION (CNI spec 1.1, section 2, "VERSION").
public enum VersionAnswer {
    /// Writes the versions served, under the version that standard input named.
    ///
    /// Standard input that is empty or names no version is answered all the same, under the newest version, as the
    /// specification's own library does: a runtime asks for versions exactly when it does not know what to say.
    public static func json(to input: [UInt8]) -> [UInt8] {
        let answer: JSONValue = [
            "cniVersion": .string((CNIVersion(statedIn: input) ?? .newest).description),
            "supportedVersions": .array(CNIVersion.supported.map { .string($0.description) }),
        ]
        return answer.bytes
    }
}
