/// Values under small numbers, which are given out and used again.
struct Slots<Element: Sendable>: Sendable {
    private var elements: [Element?] = []
    private var free: [Int] = []

    /// Keeps a value and says under which number.
    mutating func insert(_ element: Element) -> Int {
        guard let id = free.popLast() else {
            elements.append(element)
            return elements.count - 1
        }
        elements[id] = element
        return id
    }

    /// Takes a value out; its number will be given to another.
    mutating func remove(_ id: Int) {
        guard elements.indices.contains(id), elements[id] != nil else { return }
        elements[id] = nil
        free.append(id)
    }

    /// The value under a number.
    subscript(id: Int) -> Element? {
        get { elements[id] }
        _modify { yield &elements[id] }
    }

    /// The numbers in use.
    var ids: [Int] { elements.indices.filter { elements[$0] != nil } }
}
