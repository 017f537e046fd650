extension SHA256Digest {
    /// 64 hexadecimal digits of either case as they lie in a document; nil for anything else.
    public init?(hexASCII digits: UnsafeRawBufferPointer) {
        guard digits.count == 2 * SHA256.byteCount else { return nil }
        var isHex = true
        let bytes = [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
            for index in 0..<SHA256.byteCount {
                let (high, low) = (Self.value(digits[2 * index]), Self.value(digits[2 * index + 1]))
                if high | low > 15 { isHex = false }
                buffer[index] = high &<< 4 | low & 15
            }
            count = SHA256.byteCount
        }
        guard isHex else { return nil }
        self.init(bytes: bytes)
    }

    /// 255 for what is no digit.
    private static func value(_ digit: UInt8) -> UInt8 {
        if digit &- 0x30 < 10 { return digit &- 0x30 }
        let letter = (digit | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : 255
    }
}

extension Hex {
    /// Appends lower-case digits to a text that is being written.
    public static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        for byte in bytes {
            text.append(digit(byte &>> 4))
            text.append(digit(byte & 15))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
