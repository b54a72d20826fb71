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
    }

    deinit {
        curl_easy_cleanup(easy)
        errorText.deallocate()
    }

    /// Forgets the last transfer's options, but not its connection.
    func reset() {
        curl_easy_reset(easy)
        errorText.pointee = 0
        tally_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
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

    /// Whether the last transfer opened no connection.
    var reusedConnection: Bool {
        var opened = 0
        tally_easy_get_long(easy, CURLINFO_NUM_CONNECTS, &opened)
        return opened == 0
    }
}
