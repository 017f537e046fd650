/// Zstandard (RFC 8878) without a compressor: blocks as they are, and blocks of one repeated byte.
public enum ZstandardFrame {
    private static let blockSize = 128 << 10

    /// A frame that holds these bytes.
    public static func holding(_ bytes: [UInt8]) -> [UInt8] {
        var frame = start
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(blockSize)
            rest = rest.dropFirst(block.count)
            frame += header(type: 0, size: block.count, isLast: rest.isEmpty) + block
        } while !rest.isEmpty
        return frame
    }

    public static func holding(_ text: String) -> [UInt8] { holding(Array(text.utf8)) }

    /// A frame of four bytes for each 128 KiB that it unpacks to.
    public static func bomb(size: Int) -> [UInt8] {
        var frame = start
        let blocks = max(1, size / blockSize)
        for number in 1...blocks {
            frame += header(type: 1, size: blockSize, isLast: number == blocks) + [0x20]
        }
        return frame
    }

    /// The magic number, a descriptor that promises nothing, and a window of 128 KiB.
    private static let start: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]

    private static func header(type: Int, size: Int, isLast: Bool) -> [UInt8] {
        let value = size << 3 | type << 1 | (isLast ? 1 : 0)
        return [UInt8(value & 255), UInt8(value >> 8 & 255), UInt8(value >> 16)]
    }
}
