import CCurl
import CCurlShims
import LinuxSystem

/// libcurl's set of transfers and connections, freed with its last owner.
///
/// One thread uses it; `wake` alone may be called from any.
final class MultiHandle: Sendable {
    nonisolated(unsafe) let pointer: UnsafeMutableRawPointer

    /// Connections kept for later requests.
    private static let keptConnections = 32

    init() throws(SystemError) {
        guard Self.isLibraryReady, let pointer = curl_multi_init() else {
            throw SystemError(operation: "start", subject: "libcurl", errno: .ENOMEM)
        }
        self.pointer = pointer
        romana_curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, Self.keptConnections)
        romana_curl_multi_set_long(pointer, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    deinit { curl_multi_cleanup(pointer) }

    /// Ends the wait of the thread that uses the handle, or its next one.
    func wake() { curl_multi_wakeup(pointer) }

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
