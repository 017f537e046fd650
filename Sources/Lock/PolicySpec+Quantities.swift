/// Sizes and ages as a policy writes them.
extension PolicySpec {
    /// Bytes: a number, or a number with a unit (powers of 1,000, or of 1,024 with an `i`).
    static func size(_ key: (node: TOMLNode?, name: String), _ reader: inout SpecReader) -> UInt64? {
        guard let node = key.node else { return nil }
        if case .integer(let number) = node.value, number > 0 { return UInt64(number) }
        if case .string(let text) = node.value, let bytes = bytes(text) { return bytes }
        reader.fail(
            node.line,
            "\(key.name) must be a number of bytes or a size such as \"200 MB\" or \"1.5 GiB\", not \(node.found)"
        )
        return nil
    }

    private static let units: [String: UInt64] = [
        "B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]

    /// Whole bytes; at most three digits after the point.
    static func bytes(_ text: String) -> UInt64? {
        guard let (number, unit) = split(text), let factor = units[unit] else { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = digits(parts[0]) else { return nil }
        let (base, overflow) = whole.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return base > 0 ? base : nil }
        guard (1...3).contains(parts[1].utf8.count), let fraction = digits(parts[1]) else { return nil }
        let scale = parts[1].utf8.reduce(UInt64(1)) { scale, _ in scale * 10 }
        let (sum, tooLarge) = base.addingReportingOverflow(fraction * factor / scale)
        return tooLarge || sum == 0 ? nil : sum
    }

    /// Days: `"7 days"`, `"2 weeks"`, `"1 year"`.
    static func days(_ key: (node: TOMLNode?, name: String), _ reader: inout SpecReader) -> Int? {
        guard let node = key.node else { return nil }
        if case .string(let text) = node.value, let (number, unit) = split(text), let count = digits(number),
            let days = ["day": 1, "week": 7, "year": 365][
                unit.hasSuffix("s") ? String(unit.dropLast()) : unit],
            count <= 36_500 / UInt64(days)
        {
            return Int(count) * days
        }
        reader.fail(
            node.line,
            "\(key.name) must be an age such as \"7 days\", \"2 weeks\" or \"3 years\", not \(node.found)")
        return nil
    }

    /// `200 MB` and `200MB`.
    private static func split(_ text: String) -> (number: Substring, unit: String)? {
        let end = text.firstIndex { !($0.isASCII && ($0.isNumber || $0 == ".")) } ?? text.endIndex
        let rest = text[end...].drop { $0 == " " }
        return text.startIndex < end && !rest.isEmpty ? (text[..<end], String(rest)) : nil
    }

    private static func digits(_ text: Substring) -> UInt64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
    }
}
