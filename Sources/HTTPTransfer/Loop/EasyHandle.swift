import CCurl
import CCurlShims

/// One transfer of libcurl's with what it points to, freed together.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>

    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        romana_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    /// What libcurl says of a failure, lower case at the start.
    func text(of code: CURLcode) -> String {
        let text = String(cString: errorText)
        let whole = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
        return whole.prefix(1).lowercased() + whole.dropFirst()
    }

    func set(_ option: CURLoption, _ value: Int) throws(OptionRefused) {
        try check(romana_curl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: String?) throws(OptionRefused) {
        if let value { try check(romana_curl_set_text(pointer, option, value)) }
    }

    func clear(_ option: CURLoption) throws(OptionRefused) {
        try check(romana_curl_set_text(pointer, option, nil))
    }

    func set(_ option: CURLoption, blob: [UInt8]?) throws(OptionRefused) {
        guard let blob else { return }
        try check(blob.withUnsafeBytes { romana_curl_set_blob(pointer, option, $0.baseAddress, $0.count) })
    }

    func setBody(_ bytes: [UInt8]) throws(OptionRefused) {
        try check(bytes.withUnsafeBytes { romana_curl_set_body(pointer, $0.baseAddress, $0.count) })
    }

    func addHeader(_ line: String) throws(OptionRefused) {
        guard let longer = curl_slist_append(headers, line) else { throw OptionRefused(code: CURLE_OUT_OF_MEMORY) }
        headers = longer
        try check(romana_curl_set_list(pointer, CURLOPT_HTTPHEADER, headers))
    }

    private func check(_ code: CURLcode) throws(OptionRefused) {
        guard code == CURLE_OK else { throw OptionRefused(code: code) }
    }

    /// libcurl does not take an option; becomes an ``HTTPTransferError`` where the request is known.
    struct OptionRefused: Error {
        let code: CURLcode
    }
}
