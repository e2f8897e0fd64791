internal import Crypto

/// The numbers under which the sets hold what they hold: 32 bits of a hash, so that they outlive an agent.
///
/// Two that would get the same number are told apart by hashing on; a number is free again when nobody uses it.
struct SetNumbers: Sendable {
    private var numbers: [SetNumber: UInt32] = [:]
    private var meanings: [UInt32: SetNumber] = [:]

    /// What a number stands for.
    subscript(number: UInt32) -> SetNumber? { meanings[number] }

    /// The number of a meaning, given when it is asked for first.
    mutating func number(of meaning: SetNumber) -> UInt32 {
        if let number = numbers[meaning] { return number }
        var salt = 0
        while true {
            let text = salt == 0 ? meaning.text : "\(meaning.text) \(salt)"
            let number = SHA256.hash(data: Array(text.utf8)).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            if number != 0, meanings[number] == nil {
                numbers[meaning] = number
                meanings[number] = meaning
                return number
            }
            salt += 1
        }
    }

    /// Nobody uses a number any more.
    mutating func release(_ number: UInt32) {
        if let meaning = meanings.removeValue(forKey: number) { numbers[meaning] = nil }
    }
}
