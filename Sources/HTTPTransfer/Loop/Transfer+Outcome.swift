import CCurl
import CCurlShims
import LinuxSystem

extension Transfer {
    /// What libcurl's result means.
    func outcome(_ result: CURLcode) -> Result<Void, HTTPTransferError> {
        guard result != CURLE_OK else { return .success(()) }
        if let refusal { return .failure(refusal) }
        let errno = Errno(rawValue: Int32(truncatingIfNeeded: romana_curl_long_info(easy.pointer, CURLINFO_OS_ERRNO)))
        let text = easy.text(of: result)
        switch result {
        case CURLE_COULDNT_CONNECT:
            return .failure(error(.connect, errno.rawValue == 0 ? text : "\(errno)"))
        case CURLE_OPERATION_TIMEDOUT where request.idleTimeout != nil && head.head != nil:
            return .failure(error(.timeout, "nothing more came for \(request.idleTimeout ?? .zero)"))
        case CURLE_OPERATION_TIMEDOUT:
            return .failure(error(.timeout, "no answer within \(request.timeout)"))
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            return .failure(error(.closed, "the connection ended before the answer did: \(text)"))
        default:
            return .failure(error(Self.code(of: result), text))
        }
    }

    private static func code(of result: CURLcode) -> HTTPTransferError.Code {
        switch result {
        case CURLE_URL_MALFORMAT: .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolve
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING: .invalidResponse
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
            .tls
        default: .other
        }
    }
}
