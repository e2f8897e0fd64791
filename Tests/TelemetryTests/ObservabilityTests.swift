import CNIProtocol
import Testbed
import Testing
import YAML

@Suite("Alert rules and dashboard") struct ObservabilityTests {
    private static func reference() throws -> MetricReference {
        MetricReference(page: try #require(MetricReference.file("observability.md")))
    }

    @Test("the page names each metric once, with a type and a meaning")
    func page() throws {
        let metrics = try Self.reference().metrics
        #expect(metrics.count > 50)
        #expect(Set(metrics.map(\.name)).count == metrics.count)
        for metric in metrics {
            #expect(["gauge", "counter", "histogram", "summary"].contains(metric.type), "\(metric.name)")
            #expect(!metric.meaning.isEmpty, "\(metric.name)")
            #expect((metric.type == "counter") == metric.name.hasSuffix("_total"), "\(metric.name)")
        }
    }

    @Test("every alert has what an operator needs, and asks for metrics that exist")
    func alerts() throws {
        let known = try Self.reference().queried
        let document = try JSONValue(parsingYAML: try #require(MetricReference.file("observability/alerts.yaml")))
        let rules = (document["groups"]?.arrayValue ?? []).flatMap { $0["rules"]?.arrayValue ?? [] }
        #expect(rules.count > 15)
        var names: Set<String> = []
        for rule in rules {
            let name = try #require(rule["alert"]?.stringValue)
            #expect(names.insert(name).inserted, "\(name) is there twice")
            let query = try #require(rule["expr"]?.stringValue, "\(name)")
            let used = MetricReference.metrics(inQuery: query)
            #expect(!used.isEmpty, "\(name) asks for no metric")
            #expect(used.isSubset(of: known), "\(name) asks for \(used.subtracting(known))")
            #expect(Self.isBalanced(query), "\(name): \(query)")
            #expect(["critical", "warning"].contains(rule["labels"]?["severity"]?.stringValue), "\(name)")
            #expect(rule["annotations"]?["summary"]?.stringValue?.isEmpty == false, "\(name)")
            #expect(rule["annotations"]?["description"]?.stringValue?.isEmpty == false, "\(name)")
            let fields = Set((rule.members ?? []).map(\.key))
            #expect(fields.isSubset(of: ["alert", "expr", "for", "labels", "annotations"]), "\(name): \(fields)")
        }
    }

    @Test("every panel has a place of its own, and asks for metrics that exist")
    func dashboard() throws {
        let known = try Self.reference().queried
        let document = try JSONValue(parsing: try #require(MetricReference.file("observability/dashboard.json")))
        let panels = try #require(document["panels"]?.arrayValue)
        let numbers = panels.compactMap { $0["id"]?.intValue }
        #expect(numbers.count == panels.count && Set(numbers).count == panels.count)
        var taken: Set<[Int]> = []
        for panel in panels {
            let title = try #require(panel["title"]?.stringValue)
            let place = try ["x", "y", "w", "h"].map { try #require(panel["gridPos"]?[$0]?.intValue, "\(title)") }
            #expect(place[0] + place[2] <= 24, "\(title)")
            for x in place[0]..<place[0] + place[2] {
                for y in place[1]..<place[1] + place[3] {
                    #expect(taken.insert([x, y]).inserted, "\(title) lies over another")
                }
            }
            guard panel["type"] != "row" else { continue }
            let targets = panel["targets"]?.arrayValue ?? []
            #expect(!targets.isEmpty, "\(title)")
            #expect(Set(targets.compactMap { $0["refId"]?.stringValue }).count == targets.count, "\(title)")
            for query in targets.compactMap({ $0["expr"]?.stringValue }) {
                let used = MetricReference.metrics(inQuery: query)
                #expect(!used.isEmpty && used.isSubset(of: known), "\(title) asks for \(used.subtracting(known))")
                #expect(Self.isBalanced(query), "\(title): \(query)")
            }
        }
        let asked = panels.flatMap { $0["targets"]?.arrayValue ?? [] }.compactMap { $0["expr"]?.stringValue }
        let variables = Set((document["templating"]?["list"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue })
        #expect(variables == ["datasource", "instance"])
        #expect(asked.contains { $0.contains("$instance") })
    }

    /// Whether brackets of all kinds are closed in the order in which they were opened, outside of quotes.
    private static func isBalanced(_ query: String) -> Bool {
        var open: [Character] = []
        var isQuoted = false
        for character in query {
            if character == "\"" { isQuoted.toggle() }
            guard !isQuoted else { continue }
            switch character {
            case "(", "[", "{": open.append(character)
            case ")": if open.popLast() != "(" { return false }
            case "]": if open.popLast() != "[" { return false }
            case "}": if open.popLast() != "{" { return false }
            default: break
            }
        }
        return open.isEmpty && !isQuoted
    }
}
