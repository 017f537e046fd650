@testable import Archives
import Files

/// What one of the decompressors makes of a stream that is nothing but compressed bytes.
enum StreamReading: Equatable {
    case read(bytes: Int)
    case refused(String)
}

/// A compressed file through the stage of the tar layer that decompresses, without the tar reader behind it.
func inflateAsTar(_ path: String, limit: UInt64) throws -> StreamReading {
    let file = try OpenFile.read(path)
    let length = try file.status().size
    return try withUnsafePointer(to: file) { pointer in
        do {
            let raw = TarRawSource(pointer, offset: 0, length: length, observe: { _ in })
            let source = try TarInflatedSource(raw, archive: path, limit: limit)
            var count = 0
            while true {
                let piece = try source.next()
                if piece.isEmpty {
                    try raw.drain()
                    return .read(bytes: count)
                }
                count += piece.count
            }
        } catch let error as TarError {
            return .refused("\(error)")
        }
    }
}

/// A raw deflate stream through the inflater for members that are held whole; nil where it is refused.
func inflateWhole(_ compressed: [UInt8], size: Int) -> [UInt8]? {
    let workspace = InflateWorkspace()
    return compressed.withUnsafeBytes { workspace.inflate($0, size: size).map { Array($0) } }
}

/// A raw deflate stream through the inflater for large members, in pieces of so many bytes; nil where it is refused.
func inflateInPieces(_ compressed: [UInt8], of count: Int, limit: Int) -> [UInt8]? {
    struct TooLarge: Error {}
    var inflater = InflateStream()
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 16)
    defer { output.deallocate() }
    var result: [UInt8] = []
    var rest = compressed[...]
    do {
        while !rest.isEmpty {
            let piece = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            let isSound = try piece.withUnsafeBytes {
                try inflater.feed($0, through: output) { bytes in
                    guard result.count + bytes.count <= limit else { throw TooLarge() }
                    result += bytes
                }
            }
            guard isSound else { return nil }
        }
    } catch { return nil }
    return inflater.ended ? result : nil
}
