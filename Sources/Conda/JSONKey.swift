import Digests
import Glibc

/// A key or string as it stands in a document, escapes not yet undone.
public struct JSONKey {
    public let raw: UnsafeRawBufferPointer

    /// Whether it is this text; one that is written with escapes is decoded first.
    public static func ~= (pattern: StaticString, key: JSONKey) -> Bool {
        let count = pattern.utf8CodeUnitCount
        if key.raw.count == count, let base = key.raw.baseAddress {
            return memcmp(base, pattern.utf8Start, count) == 0
        }
        guard key.raw.count > count, key.raw.contains(UInt8(ascii: "\\")) else {
            return false
        }
        return key.text.map {
            $0.utf8.elementsEqual(UnsafeBufferPointer(start: pattern.utf8Start, count: count))
        }
            ?? false
    }

    /// With escapes undone; nil for bytes that are no UTF-8, bad escapes and control characters.
    public var text: String? {
        var hasEscape = false
        for byte in raw {
            if byte < 0x20 { return nil }
            if byte == UInt8(ascii: "\\") { hasEscape = true }
        }
        guard hasEscape else { return String(validating: raw, as: UTF8.self) }
        return unescaped()
    }

    private func unescaped() -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = 0
        func unit(_ at: Int) -> UInt16? {
            guard at + 4 <= raw.count,
                let pair = Hex.decode(String(decoding: raw[at..<at + 4], as: UTF8.self))
            else { return nil }
            return pair.reduce(0) { $0 << 8 | UInt16($1) }
        }
        while index < raw.count {
            let byte = raw[index]
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                index += 1
                continue
            }
            guard index + 1 < raw.count else { return nil }
            index += 2
            switch raw[index - 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(raw[index - 1])
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0c)
            case UInt8(ascii: "n"): bytes.append(0x0a)
            case UInt8(ascii: "r"): bytes.append(0x0d)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"):
                guard let high = unit(index) else { return nil }
                index += 4
                var units = [high]
                if UTF16.isLeadSurrogate(high) {
                    guard index + 6 <= raw.count, raw[index] == UInt8(ascii: "\\"),
                        raw[index + 1] == UInt8(ascii: "u"), let low = unit(index + 2)
                    else { return nil }
                    index += 6
                    units.append(low)
                }
                guard let text = String(validating: units, as: UTF16.self) else { return nil }
                bytes.append(contentsOf: text.utf8)
            default: return nil
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
