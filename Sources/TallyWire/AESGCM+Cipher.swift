import COpenSSL

extension AESGCM {
    /// OpenSSL's state of one encryption or decryption.
    ///
    /// Made anew each time, since it holds the key's schedule and
    /// only freeing it cleanses that.
    struct Cipher: ~Copyable {
        enum Direction: Int32 {
            case open = 0
            case seal = 1
        }

        // SAFETY: never freed and never changed after its creation.
        private nonisolated(unsafe) static let algorithm = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

        /// OpenSSL counts in Int32, so longer texts go in pieces.
        private static let pieceByteCount = 1 << 30

        private let context: OpaquePointer

        init() {
            guard let context = EVP_CIPHER_CTX_new() else { fatalError("OpenSSL: no memory for a cipher") }
            self.context = context
        }

        deinit {
            EVP_CIPHER_CTX_free(context)
        }

        /// Takes a key and a nonce of the right lengths; OpenSSL expects 12 bytes of nonce unless told otherwise.
        func begin(_ direction: Direction, key: UnsafeRawBufferPointer, nonce: [UInt8]) {
            let key = key.baseAddress?.assumingMemoryBound(to: UInt8.self)
            require(EVP_CipherInit_ex2(context, Self.algorithm, key, nonce, direction.rawValue, nil))
        }

        func authenticate(_ bytes: [UInt8]) {
            bytes.withBytes { feed($0, into: nil) }
        }

        /// Processes `bytes` into `output`, which must have room for as many.
        func update(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>) {
            feed(bytes, into: output.baseAddress)
        }

        func finishSealing(tag: UnsafeMutableBufferPointer<UInt8>) {
            var count: Int32 = 0
            // In this mode nothing is left to write, but a place to write it must be given.
            require(EVP_CipherFinal_ex(context, tag.baseAddress, &count))
            require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagByteCount), tag.baseAddress))
        }

        /// Returns whether what was processed is what was sealed.
        func finishOpening(tag: [UInt8]) -> Bool {
            var tag = tag
            var count: Int32 = 0
            require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagByteCount), &tag))
            var rest: [UInt8] = [0]
            return EVP_CipherFinal_ex(context, &rest, &count) == 1
        }

        private func feed(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutablePointer<UInt8>?) {
            var done = 0
            while done < bytes.count {
                let count = min(bytes.count - done, Self.pieceByteCount)
                let input = bytes.baseAddress.map { $0.assumingMemoryBound(to: UInt8.self) + done }
                var written: Int32 = 0
                require(EVP_CipherUpdate(context, output.map { $0 + done }, &written, input, Int32(count)))
                done += count
            }
        }

        /// With lengths checked before, nothing here fails but for lack of memory or of the algorithm itself.
        private func require(_ status: Int32) {
            if status != 1 { fatalError("OpenSSL: AES-256-GCM is not available") }
        }
    }
}
