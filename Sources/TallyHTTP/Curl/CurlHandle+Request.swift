import CCurl
import CTally
import Glibc

extension CurlHandle {
    /// Sets what the request asks for, but for its body.
    func prepare(for request: Request, _ certificates: CertificateLocations) throws(TransportError) {
        forgetError()
        usesFreshConnection = false
        tellsSending = false
        timeouts = request.timeouts
        try setAddress(of: request)
        try setSecurity(of: request, certificates)
        try setHeaders(of: request)
        setVerb(request.verb)
    }

    // MARK: - Address

    /// Sets the host by the URL, and the rest of the URL as what is asked for there.
    ///
    /// libcurl takes a URL apart and puts it together again for each transfer, with hundreds of instructions for each
    /// of its bytes.
    private func setAddress(of request: Request) throws(TransportError) {
        guard request.url != address || request.usesProxy != usesProxy else { return }
        usesProxy = request.usesProxy
        address = ""
        let length = request.url.utf8.count
        let problem: String? = request.url.withCString { start in
            let url = UnsafeRawBufferPointer(start: start, count: length)
            // Without a branch for each byte, so that the processor looks at 16 at once.
            var others: UInt8 = 0
            for offset in 0..<length { others |= UInt8(bitPattern: start[offset]) &- 0x21 < 0x5E ? 0 : 1 }
            guard others == 0 else {
                return "a URL has no spaces, control characters or others than ASCII. Percent-encode them"
            }
            let path = request.targetStart(in: url)
            tally_easy_set_string(easy, CURLOPT_REQUEST_TARGET, path.map { start + $0 })
            return setURL(UnsafeRawBufferPointer(rebasing: url[..<(path ?? length)]))
        }
        if let problem { throw TransportError(.invalidRequest, "\(request.location): \(problem)") }
        address = request.url
    }

    /// Has the URL taken apart, unless it is set; returns what is wrong with it.
    private func setURL(_ text: UnsafeRawBufferPointer) -> String? {
        let isSet = url.withUnsafeBytes { set in
            guard let start = set.baseAddress, let other = text.baseAddress else { return false }
            return set.count == text.count && memcmp(start, other, text.count) == 0
        }
        if isSet { return nil }
        url = []
        let result = String(decoding: text, as: UTF8.self).withCString { text in
            curl_url_set(parsedURL, CURLUPART_URL, text, UInt32(CURLU_PATH_AS_IS))
        }
        guard result == CURLUE_OK else { return String(cString: curl_url_strerror(result)) }
        url = Array(text)
        tally_easy_set_pointer(easy, CURLOPT_CURLU, UnsafeRawPointer(parsedURL))
        return nil
    }

    // MARK: - Security

    private func setSecurity(of request: Request, _ certificates: CertificateLocations) throws(TransportError) {
        guard request.isSecure else { return }
        guard !certificates.isEmpty else {
            throw TransportError(
                .tls,
                "\(request.location): no certificates to verify the server with. Set AWS_CA_BUNDLE to a file of "
                    + "certificates, or package the function with scripts/package, which adds them")
        }
        set(CURLOPT_CAINFO, certificates.file)
        set(CURLOPT_CAPATH, certificates.directory)
    }

    // MARK: - Headers

    private func setHeaders(of request: Request) throws(TransportError) {
        guard request.headers != headers || request.verb.isPost != verb?.isPost else { return }
        // What libcurl would add to each request, and nobody needs.
        var list = curl_slist_append(nil, "Accept:")
        if request.verb.isPost {
            // `Expect: 100-continue` costs a round trip; an added content type would not have been signed.
            list = curl_slist_append(list, "Expect:")
            if request.headers["Content-Type"] == nil { list = curl_slist_append(list, "Content-Type:") }
            if request.body.pipe != nil { list = curl_slist_append(list, "Transfer-Encoding: chunked") }
        }
        var line: [UInt8] = []
        for index in 0..<request.headers.count {
            let (name, value) = (request.headers.name(index), request.headers.value(index))
            if name.contains(where: Self.breaksLine) || value.contains(where: Self.breaksLine) {
                curl_slist_free_all(list)
                let field = String(decoding: name, as: UTF8.self)
                throw TransportError(
                    .invalidRequest,
                    "\(request.location): the value of the header '\(field)' has a line break or NUL in it")
            }
            line.removeAll(keepingCapacity: true)
            line += name
            // A name with a colon and nothing after it would remove the header instead of sending it empty.
            line += value.isEmpty ? ";".utf8 : ": ".utf8
            line += value
            line.append(0)
            list = line.withUnsafeBytes { curl_slist_append(list, $0.baseAddress?.assumingMemoryBound(to: CChar.self)) }
        }
        tally_easy_set_list(easy, CURLOPT_HTTPHEADER, list)
        curl_slist_free_all(headerList)
        headerList = list
        headers = request.headers
    }

    private static func breaksLine(_ byte: UInt8) -> Bool {
        byte == 10 || byte == 13 || byte == 0
    }

    // MARK: - Method

    private func setVerb(_ verb: Request.Verb) {
        guard verb != self.verb else { return }
        self.verb = verb
        // The first makes a POST of the request, and the second takes that back.
        tally_easy_set_pointer(easy, CURLOPT_POSTFIELDS, nil)
        set(CURLOPT_HTTPGET, 1)
        set(CURLOPT_NOBODY, verb.method == .head ? 1 : 0)
        if verb.isPost { set(CURLOPT_POST, 1) }
        let isNamed = verb.isPost ? verb.method != .post : verb.method == .delete
        set(CURLOPT_CUSTOMREQUEST, isNamed ? verb.method.rawValue : nil)
    }
}

extension Request {
    /// How libcurl sends a request.
    struct Verb: Equatable {
        var method: Method
        /// Whether it goes out as a POST does, with headers that libcurl adds unless they are taken away.
        var isPost: Bool
    }

    var verb: Verb {
        switch method {
        case .head: Verb(method: method, isPost: false)
        case .get, .delete: Verb(method: method, isPost: !body.isEmpty)
        default: Verb(method: method, isPost: true)
        }
    }

    /// Where the path begins in the URL; `nil` where libcurl has to find out, or needs the whole URL.
    fileprivate func targetStart(in url: UnsafeRawBufferPointer) -> Int? {
        // A proxy is asked with the whole URL, but for the tunnel of a secure one.
        let isSecure = Self.isSecure(url)
        guard isSecure || !usesProxy, url.firstOffset(of: UInt8(ascii: "#")) == nil else { return nil }
        let host = isSecure ? 8 : 7
        guard url.count > host else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: url[host...])
        guard let path = rest.firstOffset(of: UInt8(ascii: "/")),
            UnsafeRawBufferPointer(rebasing: rest[..<path]).firstOffset(of: UInt8(ascii: "?")) == nil
        else { return nil }
        return host + path
    }
}
