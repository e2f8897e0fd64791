import LinuxSystem

/// The kernel: its version, what it can do, and what its connection table has room for.
struct KernelExamination {
    static let area = "kernel"
    /// NAT in tables of both families came with 5.2.
    private static let oldest = (major: 5, minor: 2)

    /// Looks at all of it; the features need root.
    func symptoms() async -> [Symptom] { [version] + (await features) + connections }

    private var version: Symptom {
        do throws(SystemError) {
            let text = try Sysctl.read("kernel.osrelease")
            let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
            guard numbers.count >= 2 else { return .unknown(Self.area, "version", "\(text) is no version") }
            let isEnough = (numbers[0], numbers[1]) >= Self.oldest
            let least = "\(Self.oldest.major).\(Self.oldest.minor)"
            return isEnough
                ? .ok(Self.area, "version", text)
                : .failed(
                    Self.area, "version", "\(text), older than \(least)", do: "install a kernel of \(least) or later")
        } catch {
            return .unknown(Self.area, "version", "\(error)")
        }
    }

    private var features: [Symptom] {
        get async {
            do {
                return try await KernelFeatures.trials().map(Self.symptom)
            } catch {
                return [
                    .unknown(
                        Self.area, "features", "not tried: \(error)",
                        do: "run it as root (CAP_SYS_ADMIN, CAP_NET_ADMIN)")
                ]
            }
        }
    }

    private static func symptom(_ trial: KernelFeatures.Trial) -> Symptom {
        guard let refusal = trial.refusal else { return .ok(area, trial.name, "works") }
        let advice = "without it \(trial.purpose); load the module, or take a kernel that has it"
        return trial.isNeeded
            ? .failed(area, trial.name, refusal, do: advice) : .warning(area, trial.name, refusal, do: advice)
    }

    private var connections: [Symptom] {
        guard let count = Self.number("net.netfilter.nf_conntrack_count"),
            let most = Self.number("net.netfilter.nf_conntrack_max"), most > 0
        else { return [] }
        let message = "\(count) of \(most) entries"
        guard count * 10 >= most * 8 else { return [.ok(Self.area, "connections", message)] }
        return [
            .warning(
                Self.area, "connections", message,
                do: "when it is full new connections fail: sysctl -w net.netfilter.nf_conntrack_max=\(most * 2)")
        ]
    }

    private static func number(_ key: String) -> Int? {
        do throws(SystemError) { return Int(try Sysctl.read(key)) } catch { return nil }
    }
}
