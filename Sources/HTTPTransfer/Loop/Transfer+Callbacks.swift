import CCurl

/// libcurl's header callback: one line of a head at a time.
func takeHeadLine(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    switch transfer.head.take(UnsafeRawBufferPointer(start: data, count: size * count)) {
    case .more: break
    case .complete: transfer.headArrived()
    case .tooLong:
        transfer.refusal = transfer.error(
            .tooLarge, "the head of the answer is longer than \(ResponseHeadReader.limit) bytes")
        return 0
    case .malformed:
        transfer.refusal = transfer.error(.invalidResponse, "the head of the answer is not HTTP")
        return 0
    }
    return size * count
}

/// libcurl's write callback: some bytes of the body.
func takeBodyBytes(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    switch transfer.take(UnsafeRawBufferPointer(start: data, count: size * count)) {
    case true?: return size * count
    case false?: return 0
    case nil: return Int(CURL_WRITEFUNC_PAUSE)
    }
}
