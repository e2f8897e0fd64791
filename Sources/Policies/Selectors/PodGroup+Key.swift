import Crypto

extension PodGroup {
    /// A text that is the same for groups that ask for the same, in whatever order, and for no others.
    public var canonical: String {
        let place =
            switch namespaces {
            case .named(let name): "namespace \(name.quoted)"
            case .labelled(let selector): "namespaces \(selector.canonical)"
            }
        return "\(place) pods \(pods.canonical)"
    }

    /// The group's name in etcd: 32 hexadecimal digits of a hash of ``canonical``.
    public var key: String {
        SHA256.hash(data: Array(canonical.utf8)).prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count < 2 ? "0\(digits)" : digits
        }.joined()
    }
}

extension LabelSelector {
    /// What it asks for, sorted, each thing once: a label of `matchLabels` asks for what In of its value does.
    fileprivate var canonical: String {
        let requirements =
            matchLabels.map { LabelRequirement($0.key, .isIn, [$0.value]).canonical }
            + matchExpressions.map(\.canonical)
        return "{\(Set(requirements).sorted().joined(separator: ", "))}"
    }
}

extension LabelRequirement {
    fileprivate var canonical: String {
        let values = Set(values).sorted().map(\.quoted).joined(separator: ", ")
        return switch `operator` {
        case .isIn, .isNotIn, .isInOrMissing: "\(key.quoted) \(`operator`.rawValue) (\(values))"
        case .exists, .doesNotExist: "\(key.quoted) \(`operator`.rawValue)"
        }
    }
}

extension String {
    /// In quotes, which nothing within ends: where two texts differ their quoted forms do, wherever they are put.
    fileprivate var quoted: String {
        var text = "\""
        for scalar in unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }
}
