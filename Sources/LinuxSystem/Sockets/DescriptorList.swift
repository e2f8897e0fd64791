/// Descriptors received with a message, in order; those not taken are closed with the list.
///
/// An array cannot hold noncopyable values, so the list owns plain numbers.
public struct DescriptorList: ~Copyable, Sendable {
    /// The most descriptors one receive takes; more are closed at once.
    static let roomPerMessage = 16

    private var numbers: [Int32] = []

    /// A list with nothing in it.
    public init() {}

    deinit {
        for number in numbers { _ = FileDescriptor(owning: number) }
    }

    /// How many there are.
    public var count: Int { numbers.count }

    /// Takes the first out of the list, nil if there is none.
    public mutating func takeFirst() -> FileDescriptor? {
        numbers.isEmpty ? nil : FileDescriptor(owning: numbers.removeFirst())
    }

    mutating func append(owning more: some Sequence<Int32>) {
        numbers.append(contentsOf: more)
    }
}
