import CCurl
import CTally

/// One easy handle, kept for the next transfer so that its buffers are.
final class CurlHandle {
    let easy: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init() {
        guard let easy = curl_easy_init() else {
            fatalError("libcurl: curl_easy_init returned no handle; the process is out of memory")
        }
        self.easy = easy
        setLastingOptions()
    }

    deinit {
        curl_easy_cleanup(easy)
        errorText.deallocate()
    }

    /// Sets what is the same for all transfers.
    ///
    /// Once and not for each: every setting of a buffer's size lets go of the buffer, and the kernel then clears the
    /// next one page by page.
    private func setLastingOptions() {
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Without it, a name server that never answers blocks the whole loop when the transfer is given up.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_BUFFERSIZE, 512 << 10)
        set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        tally_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    }

    /// Takes back what the transfer before this one may have set.
    func forgetTransfer() {
        errorText.pointee = 0
        set(CURLOPT_PROXY, nil)
        set(CURLOPT_CONNECTTIMEOUT_MS, 0)
        set(CURLOPT_TIMEOUT_MS, 0)
        set(CURLOPT_LOW_SPEED_LIMIT, 0)
        set(CURLOPT_LOW_SPEED_TIME, 0)
        // This makes a POST of the next request, and HTTPGET takes that back: in this order.
        tally_easy_set_pointer(easy, CURLOPT_POSTFIELDS, nil)
        set(CURLOPT_NOBODY, 0)
        set(CURLOPT_HTTPGET, 1)
        set(CURLOPT_CUSTOMREQUEST, nil)
    }

    func set(_ option: CURLoption, _ value: Int) {
        tally_easy_set_long(easy, option, value)
    }

    func set(_ option: CURLoption, _ value: String?) {
        tally_easy_set_string(easy, option, value)
    }

    func set(_ option: CURLoption, _ value: Duration) {
        // Zero would mean no bound at all.
        tally_easy_set_long(easy, option, Int(max(1, value.wholeMillisecondsRoundedUp)))
    }

    /// What libcurl says of the last failure, or its general text for `result`.
    func explanation(of result: CURLcode) -> String {
        errorText.pointee == 0 ? String(cString: curl_easy_strerror(result)) : String(cString: errorText)
    }

    /// The socket of the last transfer, while its connection is open and the handle with the multi handle.
    var socket: curl_socket_t? {
        var socket: curl_socket_t = CURL_SOCKET_BAD
        tally_easy_get_socket(easy, &socket)
        return socket == CURL_SOCKET_BAD ? nil : socket
    }

    /// Whether the last transfer opened no connection.
    var reusedConnection: Bool {
        var opened = 0
        tally_easy_get_long(easy, CURLINFO_NUM_CONNECTS, &opened)
        return opened == 0
    }
}
