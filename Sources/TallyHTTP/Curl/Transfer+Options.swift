import CCurl
import CTally
import Glibc

// What is set on an easy handle of the transfer itself.
extension Transfer {
    func setBody(of handle: CurlHandle) throws(TransportError) {
        guard request.verb.isPost else { return }
        if let pipe = request.body.pipe { return set(pipe, of: handle) }
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
        tally_easy_set_pointer(handle.easy, CURLOPT_POSTFIELDS, nil)
        let context = Unmanaged.passUnretained(self).toOpaque()
        tally_easy_set_pointer(handle.easy, CURLOPT_READDATA, context)
        tally_easy_set_pointer(handle.easy, CURLOPT_SEEKDATA, context)
    }

    private func set(_ pipe: BodyPipe, of handle: CurlHandle) {
        pipe.attach { [weak self] in self?.unpause() }
        tally_easy_set_offset(handle.easy, CURLOPT_POSTFIELDSIZE_LARGE, -1)
        tally_easy_set_pointer(handle.easy, CURLOPT_POSTFIELDS, nil)
        let context = Unmanaged.passUnretained(self).toOpaque()
        tally_easy_set_pointer(handle.easy, CURLOPT_READDATA, context)
        tally_easy_set_pointer(handle.easy, CURLOPT_SEEKDATA, context)
        tally_easy_set_pointer(handle.easy, CURLOPT_TRAILERDATA, context)
        tally_easy_set_trailers(handle.easy) { list, context in
            guard let list, let context else { return CURL_TRAILERFUNC_ABORT }
            return Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef { transfer in
                for field in transfer.request.body.pipe?.trailers.fields ?? [] {
                    list.pointee = curl_slist_append(list.pointee, "\(field.name): \(field.value)")
                }
                return CURL_TRAILERFUNC_OK
            }
        }
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
        // Called for handles that tell their sending only.
        tally_easy_set_debug(handle.easy) { easy, type, _, count, _ in
            if type == CURLINFO_HEADER_OUT, count > 0 { easy.flatMap(Transfer.of)?.noteSending() }
            return 0
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
