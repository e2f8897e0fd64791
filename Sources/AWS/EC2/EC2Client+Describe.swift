extension EC2Client {
    /// Values of one filter in one request, as many as EC2 takes.
    static let valuesInFilter = 200
    /// Pages of one answer before it is taken for one without end.
    private static let mostPages = 1000

    /// Every item of every page.
    ///
    /// - Parameters:
    ///   - action: `DescribeInstances`.
    ///   - list: the element that holds the items.
    ///   - pageSize: the most items that EC2 puts on a page.
    ///   - filters: names and values, all of which have to apply.
    func describe<Item>(
        _ action: String, _ list: String, pageSize: Int, _ filters: [(String, [String])],
        _ read: (XMLElement) throws(AWSError) -> Item
    ) async throws(AWSError) -> [Item] {
        var items: [Item] = []
        var token: String?
        for _ in 0..<Self.mostPages {
            var request = QueryRequest(action, version: Self.version)
            request.add("MaxResults", "\(pageSize)")
            for (index, filter) in filters.enumerated() {
                request.add("Filter.\(index + 1).Name", filter.0)
                request.add("Filter.\(index + 1).Value", list: filter.1)
            }
            if let token { request.add("NextToken", token) }
            guard let answer = try await call(request) else { return items }
            // An answer without its list would read as if there were nothing.
            guard answer[list] != nil else {
                throw AWSError(.garbled, "call \(action): there is no \(list) in the answer")
            }
            for element in answer.items(list) { items.append(try read(element)) }
            guard let next = answer.text("nextToken") else { return items }
            guard next != token else {
                throw AWSError(.garbled, "call \(action): the answer leads to the same page again")
            }
            token = next
        }
        throw AWSError(.garbled, "call \(action): the answer has more than \(Self.mostPages) pages")
    }

    /// As `describe`, for any number of values of one more filter; without a name there is none.
    func describe<Item>(
        _ action: String, _ list: String, pageSize: Int, _ filters: [(String, [String])],
        _ name: String?, anyOf values: [String], _ read: (XMLElement) throws(AWSError) -> Item
    ) async throws(AWSError) -> [Item] {
        guard let name else { return try await describe(action, list, pageSize: pageSize, filters, read) }
        var items: [Item] = []
        var rest = Array(Set(values)).sorted()[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(Self.valuesInFilter))
            rest = rest.dropFirst(some.count)
            items += try await describe(action, list, pageSize: pageSize, filters + [(name, some)], read)
        }
        return items
    }
}

extension EC2TagFilter {
    /// The filter as EC2 reads it.
    var filter: (String, [String]) { values.isEmpty ? ("tag-key", [key]) : ("tag:\(key)", values) }
}
