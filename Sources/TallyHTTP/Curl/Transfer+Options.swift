import CCurl
import CTally
import Glibc

// What is set on an easy handle before it sends a request.
extension Transfer {
    /// Sets the host by the URL, and the rest of the URL as what is asked for there.
    ///
    /// libcurl takes a URL apart and puts it together again, which costs 300 instructions for each of its bytes.
    func setAddress(_ handle: CurlHandle) throws(TransportError) {
        let length = request.url.utf8.count
        let isPlain = request.url.withCString { start in
            let url = UnsafeRawBufferPointer(start: start, count: length)
            guard url.allSatisfy({ $0 &- 0x21 < 0x5E }) else { return false }
            let path = targetStart(in: url)
            handle.setURL(
                UnsafeRawBufferPointer(rebasing: url[..<(path ?? length)]), target: path.map { start + $0 })
            return true
        }
        guard isPlain else {
            throw TransportError(
                .invalidRequest,
                "\(request.location): a URL has no spaces, control characters or others than ASCII. Percent-encode them"
            )
        }
    }

    /// Where the path begins; `nil` where libcurl has to find out, or needs the whole URL.
    private func targetStart(in url: UnsafeRawBufferPointer) -> Int? {
        // A proxy is asked with the whole URL, but for the tunnel of a secure one.
        guard request.isSecure || !request.usesProxy, Self.firstIndex(of: UInt8(ascii: "#"), in: url) == nil else {
            return nil
        }
        let host = request.isSecure ? 8 : 7
        guard url.count > host else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: url[host...])
        guard let path = Self.firstIndex(of: UInt8(ascii: "/"), in: rest), path > 0 else { return nil }
        let query = Self.firstIndex(of: UInt8(ascii: "?"), in: rest) ?? path
        return query < path ? nil : host + path
    }

    func setSecurity(_ handle: CurlHandle, _ certificates: CertificateLocations) throws(TransportError) {
        guard request.isSecure else { return }
        guard !certificates.isEmpty else {
            throw TransportError(
                .tls,
                "\(request.location): no certificates to verify the server with. Set AWS_CA_BUNDLE to a file of "
                    + "certificates, or package the function with scripts/package, which adds them")
        }
        handle.set(CURLOPT_CAINFO, certificates.file)
        handle.set(CURLOPT_CAPATH, certificates.directory)
    }

    func setHeaders(_ handle: CurlHandle) throws(TransportError) {
        var list: UnsafeMutablePointer<curl_slist>?
        if isPost {
            // `Expect: 100-continue` costs a round trip; an added content type would not have been signed.
            list = curl_slist_append(nil, "Expect:")
            if request.headers["Content-Type"] == nil { list = curl_slist_append(list, "Content-Type:") }
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
        headerList = list
        tally_easy_set_list(handle.easy, CURLOPT_HTTPHEADER, list)
    }

    private static func breaksLine(_ byte: UInt8) -> Bool {
        byte == 10 || byte == 13 || byte == 0
    }

    func setMethodAndBody(_ handle: CurlHandle) throws(TransportError) {
        guard isPost else {
            if request.method == .head { handle.set(CURLOPT_NOBODY, 1) }
            if request.method == .delete { handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) }
            return
        }
        handle.set(CURLOPT_POST, 1)
        if request.method != .post { handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) }
        try setBody(handle)
    }

    /// Whether libcurl sends it as it sends a POST, with headers of its own unless they are taken away.
    private var isPost: Bool {
        switch request.method {
        case .head: false
        case .get, .delete: !request.body.isEmpty
        default: true
        }
    }

    private func setBody(_ handle: CurlHandle) throws(TransportError) {
        tally_easy_set_offset(handle.easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        // Up to 64 KiB libcurl sends body and headers in one packet when it holds the body itself; above, it reads
        // the body where it lies.
        if let bytes = request.body.bytes, bytes.count <= 64 << 10 {
            bytes.withUnsafeBytes { bytes in
                // An empty body still needs an address, or libcurl would read the body from standard input.
                let start = bytes.baseAddress ?? UnsafeRawPointer(handle.easy)
                _ = tally_easy_set_pointer(handle.easy, CURLOPT_COPYPOSTFIELDS, start)
            }
            return
        }
        try openBody()
        let context = Unmanaged.passUnretained(self).toOpaque()
        tally_easy_set_pointer(handle.easy, CURLOPT_READDATA, context)
        tally_easy_set_pointer(handle.easy, CURLOPT_SEEKDATA, context)
    }

    /// Makes this transfer the one that the handle's callbacks report to.
    func claimCallbacks(of handle: CurlHandle) {
        // Retained while libcurl holds the pointer; `complete` releases it.
        let context = Unmanaged.passRetained(self).toOpaque()
        tally_easy_set_pointer(handle.easy, CURLOPT_PRIVATE, context)
        tally_easy_set_pointer(handle.easy, CURLOPT_PREREQDATA, context)
        tally_easy_set_pointer(handle.easy, CURLOPT_SOCKOPTDATA, context)
        tally_easy_set_pointer(handle.easy, CURLOPT_HEADERDATA, context)
        tally_easy_set_pointer(handle.easy, CURLOPT_WRITEDATA, context)
    }

    /// Sets the callbacks of a new handle, which are the same for every transfer.
    static func setCallbacks(of handle: CurlHandle) {
        tally_easy_set_prereq(handle.easy) { context, _, _, _, port in
            guard let context else { return CURL_PREREQFUNC_ABORT }
            let isTaken = Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.take(connectionFrom: Int(port))
            }
            return isTaken ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        tally_easy_set_socket_opened(handle.easy) { context, socket, _ in
            if let context {
                Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                    $0.transport.loop.noteOpening(of: socket)
                }
            }
            return CURL_SOCKOPT_OK
        }
        tally_easy_set_data(handle.easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return Int(CURL_READFUNC_ABORT) }
            return Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
            }
        }
        tally_easy_set_seek(handle.easy) { context, offset, origin in
            guard let context, origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
            let canSeek = Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.seek(to: Int(offset)) }
            return canSeek ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_CANTSEEK
        }
        tally_easy_set_data(handle.easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            let isTaken = Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.receive(headerLine: line)
            }
            return isTaken ? line.count : 0
        }
        tally_easy_set_data(handle.easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                switch $0.accept(piece) {
                case .taken: piece.count
                case .later: Int(CURL_WRITEFUNC_PAUSE)
                case .refused: 0
                }
            }
        }
    }
}
