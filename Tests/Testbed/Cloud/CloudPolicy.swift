import CNIProtocol

/// A policy of `specs/aws`.
public struct CloudPolicy: Sendable {
    /// The file as it is.
    public let file: String
    /// The same for all resources: moto knows none of EC2.
    public let anywhere: String
    /// The actions that it allows: `ec2:DescribeInstances`.
    public let actions: Set<String>

    /// Reads a policy by the name of its file, without `.json`.
    public init(_ name: String) throws(TestbedError) {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let path = "/\(root)/specs/aws/\(name).json"
        guard let text = TextFile.read(path), let document = try? JSONValue(parsing: text),
            let statements = document["Statement"]?.arrayValue
        else { throw TestbedError("\(path) is no policy") }
        var actions: Set<String> = []
        for statement in statements {
            guard statement["Effect"]?.stringValue == "Allow", statement["Resource"]?.stringValue?.isEmpty == false
            else {
                throw TestbedError("\(path): a statement allows nothing")
            }
            for action in statement["Action"]?.arrayValue ?? [] { actions.insert(action.stringValue ?? "") }
        }
        let list = actions.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
        file = text
        anywhere = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [\(list)], "Resource": "*"}]}
            """
        self.actions = actions
    }
}
