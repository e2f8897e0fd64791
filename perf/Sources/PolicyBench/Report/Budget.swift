/// A promise of the design, weighed against what was measured in the same run.
struct Budget {
    let title: String
    let value: Double
    let limit: Double
    let unit: String
    /// Whether the value may be at most the limit; otherwise it must be at least that.
    let isCeiling: Bool
    /// What the value is made of.
    var detail = ""

    var isMet: Bool { isCeiling ? value <= limit : value >= limit }

    var text: String {
        let suffix = unit.isEmpty ? "" : " \(unit)"
        let bound = "\(isCeiling ? "at most" : "at least") \(Table.number(limit))\(suffix)"
        let end = detail.isEmpty ? "" : "  \(detail)"
        return "\(isMet ? "met   " : "MISSED")  \(title): \(Table.number(value))\(suffix) (\(bound))\(end)"
    }

    /// The budgets that these results can tell about.
    static func evaluate(_ measures: [Measure]) -> [Budget] {
        func value(_ topic: String, _ subject: String, _ size: Int? = nil) -> Double? {
            measures.first { $0.topic == topic && $0.subject == subject && (size == nil || $0.size == size) }?.value
        }
        let budgeted = [ChangeCase.member, ChangeCase.ownPod, "\(AgentCase.member), from etcd's answer"]
        var budgets: [Budget] = []
        for measure in measures where measure.subject == "romana" && measure.topic.hasSuffix(", p99") {
            guard budgeted.contains(where: measure.topic.hasPrefix) else { continue }
            budgets.append(
                Budget(
                    title: "\(measure.topic), \(measure.size)", value: measure.value, limit: 5, unit: "ms",
                    isCeiling: true))
        }
        if let ours = value(GroupCase.topic, "romana") {
            budgets.append(
                Budget(title: "\(GroupCase.topic), 10000", value: ours, limit: 250, unit: "ms", isCeiling: true))
        }
        if let ours = value(ColdStartCase.topic, "romana") {
            budgets.append(
                Budget(
                    title: "\(ColdStartCase.topic), 5000 profiles", value: ours, limit: 600, unit: "ms", isCeiling: true
                ))
        }
        for topic in [TrafficCase.throughput, TrafficCase.connections] {
            guard let ours = value(topic, "romana", 5_000) else { continue }
            for other in ["romana, --policies=false", "no policy"] {
                guard let peer = value(topic, other) else { continue }
                budgets.append(
                    Budget(
                        title: "\(topic) with 5000 policies, of \(other)", value: ours / peer, limit: 0.95, unit: "",
                        isCeiling: false, detail: "\(Table.number(ours)) to \(Table.number(peer))"))
            }
        }
        if let ours = value(AgentCase.memory, "romana") {
            budgets.append(
                Budget(
                    title: "\(AgentCase.memory), 50000 members", value: ours, limit: 40, unit: "MiB", isCeiling: true))
        }
        if let ours = value(AgentCase.restart, "romana") {
            budgets.append(
                Budget(title: "\(AgentCase.restart), 200", value: ours, limit: 1_000, unit: "ms", isCeiling: true))
        }
        return budgets
    }
}
