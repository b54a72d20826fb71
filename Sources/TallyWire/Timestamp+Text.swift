extension Timestamp {
    // MARK: - Writing

    /// The time in ISO 8601 with milliseconds: `2026-11-21T01:02:03.004Z`.
    public var iso8601: String {
        let fields = fields
        return Self.text(capacity: 24) { text in
            text.append(fields.year, digits: 4)
            text.append("-")
            text.append(fields.month, digits: 2)
            text.append("-")
            text.append(fields.day, digits: 2)
            text.append("T")
            text.append(fields.hour, digits: 2)
            text.append(":")
            text.append(fields.minute, digits: 2)
            text.append(":")
            text.append(fields.second, digits: 2)
            text.append(".")
            text.append(fields.nanosecond / 1_000_000, digits: 3)
            text.append("Z")
        }
    }

    /// The time as SigV4 wants it: `20261121T010203Z`.
    public var sigV4: String {
        let fields = fields
        return Self.text(capacity: 16) { text in
            text.append(fields.year, digits: 4)
            text.append(fields.month, digits: 2)
            text.append(fields.day, digits: 2)
            text.append("T")
            text.append(fields.hour, digits: 2)
            text.append(fields.minute, digits: 2)
            text.append(fields.second, digits: 2)
            text.append("Z")
        }
    }

    /// The day as SigV4's credential scope wants it: `20261121`.
    public var sigV4Date: String {
        String(sigV4.prefix(8))
    }

    // MARK: - Reading

    /// Creates a time from ISO 8601; `nil` when the text is not of this form, no such time exists or it is out of
    /// range.
    ///
    /// - Parameter text: Such as `2026-11-21T01:02:03.004Z`, with any number of decimals or none (those beyond the ninth
    ///   are cut off), and `Z` or an offset such as `+01:00`.
    public init?(iso8601 text: String) {
        var scanner = Scanner(text)
        guard let year = scanner.number(digits: 4), scanner.skip("-"),
            let month = scanner.number(digits: 2), scanner.skip("-"),
            let day = scanner.number(digits: 2), scanner.skip("T"),
            let seconds = scanner.timeOfDay(), let nanoseconds = scanner.fraction(), let offset = scanner.zone(),
            scanner.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day, seconds: seconds - offset, nanoseconds: nanoseconds)
    }

    /// Creates a time from an HTTP date; `nil` when the text is not of this form or no such time exists.
    ///
    /// - Parameter text: Such as `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that RFC 9110 section 5.6.7 lets senders
    ///   use. The day of the week is not checked against the date.
    public init?(httpDate text: String) {
        var scanner = Scanner(text)
        guard scanner.name(of: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]) != nil, scanner.skip(", "),
            let day = scanner.number(digits: 2), scanner.skip(" "),
            let month = scanner.name(of: [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ]), scanner.skip(" "),
            let year = scanner.number(digits: 4), scanner.skip(" "),
            let seconds = scanner.timeOfDay(), scanner.skip(" GMT"),
            scanner.isAtEnd
        else { return nil }
        self.init(year: year, month: Int64(month) + 1, day: day, seconds: seconds, nanoseconds: 0)
    }

    // MARK: - Calendar

    private struct Fields {
        var year: Int64
        var month: Int64
        var day: Int64
        var hour: Int64
        var minute: Int64
        var second: Int64
        var nanosecond: Int64
    }

    private init?(year: Int64, month: Int64, day: Int64, seconds: Int64, nanoseconds: Int64) {
        guard (1...12).contains(month), (1...Self.days(inMonth: month, of: year)).contains(day) else { return nil }
        let whole = Self.daysSinceEpoch(year: year, month: month, day: day) * 86_400 + seconds
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isOver) = scaled.addingReportingOverflow(nanoseconds)
        if overflow || isOver { return nil }
        nanosecondsSinceEpoch = sum
    }

    /// The civil date and time; years begin in March here, which puts the leap day last.
    ///
    /// Source: <https://howardhinnant.github.io/date_algorithms.html>
    private var fields: Fields {
        let (seconds, nanosecond) = Self.floor(nanosecondsSinceEpoch, 1_000_000_000)
        let (days, secondOfDay) = Self.floor(seconds, 86_400)
        let (era, dayOfEra) = Self.floor(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return Fields(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1,
            hour: secondOfDay / 3600,
            minute: secondOfDay / 60 % 60,
            second: secondOfDay % 60,
            nanosecond: nanosecond
        )
    }

    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floor(year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func text(capacity: Int, _ write: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(capacity)
        write(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ value: Int64, digits: Int) {
        var unit: Int64 = 1
        for _ in 1..<digits { unit *= 10 }
        while unit > 0 {
            append(UInt8(ascii: "0") + UInt8(value / unit % 10))
            unit /= 10
        }
    }

    fileprivate mutating func append(_ character: Unicode.Scalar) {
        append(UInt8(ascii: character))
    }
}

/// Reads dates from their beginning to their end.
private struct Scanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text.utf8[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    mutating func name(of names: [String]) -> Int? {
        names.firstIndex { skip($0) }
    }

    mutating func number(digits: Int) -> Int64? {
        guard rest.count >= digits else { return nil }
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Reads `HH:MM:SS`; a leap second counts as the next second.
    mutating func timeOfDay() -> Int64? {
        guard let hour = number(digits: 2), hour < 24, skip(":"), let minute = number(digits: 2), minute < 60,
            skip(":"), let second = number(digits: 2), second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// Reads `.` and decimals, or nothing, and returns nanoseconds.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        guard var nanoseconds = digit() else { return nil }
        nanoseconds *= 100_000_000
        var unit: Int64 = 10_000_000
        while let digit = digit() {
            nanoseconds += digit * unit
            unit /= 10
        }
        return nanoseconds
    }

    /// Reads `Z` or `±HH:MM` and returns seconds east of Greenwich.
    mutating func zone() -> Int64? {
        if skip("Z") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hour = number(digits: 2), hour < 24, skip(":"),
            let minute = number(digits: 2), minute < 60
        else { return nil }
        let seconds = hour * 3600 + minute * 60
        return isWest ? -seconds : seconds
    }

    private mutating func digit() -> Int64? {
        guard let byte = rest.first, byte &- UInt8(ascii: "0") < 10 else { return nil }
        rest.removeFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }
}
