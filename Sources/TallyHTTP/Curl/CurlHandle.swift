import CCurl
import CTally

/// One easy handle, kept for the next transfer with what is the same for both.
final class CurlHandle {
    let easy: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    // Most transfers of a handle are like the one before: what stays as it is is not set again.

    /// The URL of the last request.
    var address = ""
    /// What of it libcurl has taken apart.
    var url: [UInt8] = []
    let parsedURL: OpaquePointer
    var verb: Request.Verb?
    var headers: Headers?
    var headerList: UnsafeMutablePointer<curl_slist>?

    /// Whether the environment's proxy counts.
    var usesProxy = true {
        didSet {
            guard usesProxy != oldValue else { return }
            set(CURLOPT_PROXY, usesProxy ? nil : "")
            // Without a proxy goes what has an address for a name: there is nothing to look up again each minute.
            set(CURLOPT_DNS_CACHE_TIMEOUT, usesProxy ? 60 : -1)
        }
    }

    /// Whether kept connections are left alone.
    var usesFreshConnection = false {
        didSet {
            if usesFreshConnection != oldValue { set(CURLOPT_FRESH_CONNECT, usesFreshConnection ? 1 : 0) }
        }
    }

    /// Whether libcurl tells each piece of a request that it sends.
    var tellsSending = false {
        didSet {
            if tellsSending != oldValue { set(CURLOPT_VERBOSE, tellsSending ? 1 : 0) }
        }
    }

    /// The bounds on time, but for that on silence, which the loop watches.
    var timeouts = Timeouts(connect: nil, idle: nil, total: nil) {
        didSet {
            guard timeouts != oldValue else { return }
            set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds: timeouts.connect)
            set(CURLOPT_TIMEOUT_MS, milliseconds: timeouts.total)
        }
    }

    init(sharing share: UnsafeMutableRawPointer) {
        guard let easy = curl_easy_init(), let parsedURL = curl_url() else {
            fatalError("libcurl: curl_easy_init returned no handle; the process is out of memory")
        }
        self.easy = easy
        self.parsedURL = parsedURL
        setLastingOptions()
        tally_easy_set_pointer(easy, CURLOPT_SHARE, share)
        Transfer.setCallbacks(of: self)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        curl_url_cleanup(parsedURL)
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

    func forgetError() {
        errorText.pointee = 0
    }

    func set(_ option: CURLoption, _ value: Int) {
        tally_easy_set_long(easy, option, value)
    }

    func set(_ option: CURLoption, _ value: String?) {
        tally_easy_set_string(easy, option, value)
    }

    func set(_ option: CURLoption, milliseconds value: Duration?) {
        // Zero means no bound at all.
        tally_easy_set_long(easy, option, value.map { Int(max(1, $0.wholeMillisecondsRoundedUp)) } ?? 0)
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

    /// Bytes of requests that the transfer has put on a wire so far, its replays included.
    var requestBytes: Int {
        var bytes = 0
        tally_easy_get_long(easy, CURLINFO_REQUEST_SIZE, &bytes)
        return bytes
    }

    /// Bytes of bodies that the last transfer has sent and received.
    var bodyBytes: Int {
        var (sent, received): (curl_off_t, curl_off_t) = (0, 0)
        tally_easy_get_offset(easy, CURLINFO_SIZE_UPLOAD_T, &sent)
        tally_easy_get_offset(easy, CURLINFO_SIZE_DOWNLOAD_T, &received)
        return Int(sent + received)
    }

    /// Whether the last transfer opened no connection.
    var reusedConnection: Bool { openedConnections == 0 }

    /// How many connections the transfer has opened so far.
    var openedConnections: Int {
        var opened = 0
        tally_easy_get_long(easy, CURLINFO_NUM_CONNECTS, &opened)
        return opened
    }
}
