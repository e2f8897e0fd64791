import Options

extension Toggle {
    /// Whether it is on; `option` is what messages call it.
    func isOn(_ option: String) throws(AgentError) -> Bool {
        guard let isOn else { throw AgentError("\(option): \(description) is neither true nor false") }
        return isOn
    }
}
