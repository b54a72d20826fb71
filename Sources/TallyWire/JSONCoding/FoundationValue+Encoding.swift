extension FoundationValue {
    /// Writes a value of the type.
    func write<Value: Encodable>(_ value: Value, to sink: JSONSink, path: JSONPath?) throws {
        switch self {
        case .date:
            guard let time = try time(value) else { throw unsuitable(value, path) }
            sink.write(time)
        case .data:
            guard let bytes = value as? any Collection<UInt8> else { throw unsuitable(value, path) }
            sink.json.base64(bytes)
        case .url:
            sink.json.string(try text(ofURL: value, path))
        case .decimal:
            guard let parts = DecimalParts(try native(value)) else { throw unsuitable(value, path) }
            sink.json.number(text: parts.text)
        }
    }

    /// The value as the type codes itself.
    private func native(_ value: some Encodable) throws -> JSONDocument {
        let sink = JSONSink(times: .iso8601)
        let encoder = JSONValueEncoder(sink, path: nil)
        try value.encode(to: encoder)
        encoder.finish()
        return try JSONDocument(sink.bytes, maximumDepth: JSONReader.depthLimit)
    }

    /// The time of a date; `nil` before 1677 and after 2262.
    private func time(_ date: some Encodable) throws -> Timestamp? {
        let since2001 = try JSONValueDecoder(document: try native(date), index: 0).decode(Double.self)
        return Timestamp(seconds: since2001 + Double(Self.secondsUntil2001))
    }

    private func text(ofURL url: some Encodable, _ path: JSONPath?) throws -> String {
        let parts = try native(url)
        guard let relative = parts.member("relative", of: 0) else { throw unsuitable(url, path) }
        // Of one that is relative to another, the text alone would be another URL.
        guard parts.member("base", of: 0) == nil else { throw unsuitable(url, path) }
        return parts.text(relative)
    }

    private func unsuitable(_ value: any Encodable, _ path: JSONPath?) -> EncodingError {
        .invalidValue(
            value,
            EncodingError.Context(
                codingPath: path.keys, debugDescription: "JSON has no value for this \(Swift.type(of: value))"))
    }
}

extension DecimalParts {
    /// Takes a `Decimal` as it codes itself; `nil` where it is not a number.
    fileprivate init?(_ native: JSONDocument) {
        let decoder = JSONValueDecoder(document: native, index: 0)
        func member<Value: Decodable>(_ name: String, _ type: Value.Type) -> Value? {
            native.member(name, of: 0).flatMap {
                try? JSONValueDecoder(document: native, index: $0).value(type)
            }
        }
        guard decoder.kind == .object, let exponent = member("exponent", Int.self),
            let length = member("length", Int.self), let isNegative = member("isNegative", Bool.self),
            let words = member("mantissa", [UInt16].self),
            // A negative nothing is what stands for no number.
            length > 0 || !isNegative
        else { return nil }
        let mantissa = words.prefix(length).reversed().reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
        self.init(exponent: exponent, isNegative: isNegative, mantissa: mantissa)
    }

    /// The number as JSON writes it, without exponent.
    fileprivate var text: String {
        let digits = "\(mantissa)"
        let sign = isNegative ? "-" : ""
        guard mantissa != 0 else { return "0" }
        if exponent >= 0 { return sign + digits + String(repeating: "0", count: exponent) }
        let decimals = -exponent
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}
