import Archives
import Digests
import ELF
import Files

/// Takes the bytes of one file as they stream by: its size and digest, and, of a native library, what it needs.
///
/// A library's tables lie anywhere in it, so it is kept until it ends: in memory while it is small, else in a
/// temporary file, so that memory is bounded however large libraries are.
struct FileProbe {
    private let path: String
    private var hasher = SHA256()
    private(set) var size: UInt64 = 0
    private var kept: [UInt8] = []
    private var spool: SharedFile?
    private var isNative: Bool?

    static let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]
    /// Bytes.
    private static let memoryLimit = 4 << 20

    /// - Parameter path: relative to the prefix.
    init(_ path: String) { self.path = path }

    mutating func update(_ piece: UnsafeRawBufferPointer) throws {
        hasher.update(piece)
        size += UInt64(piece.count)
        switch isNative {
        case false?: return
        case true?: try keep(piece)
        case nil:
            kept.append(contentsOf: piece.prefix(4 - kept.count))
            guard kept.count == 4 else { return }
            isNative = kept == Self.magic
            if isNative == true {
                let taken = 4 - (size >= UInt64(piece.count) ? Int(size - UInt64(piece.count)) : 0)
                try keep(UnsafeRawBufferPointer(rebasing: piece[max(0, taken)...]))
            } else {
                kept = []
            }
        }
    }

    private mutating func keep(_ piece: UnsafeRawBufferPointer) throws {
        if let spool { return try spool.file.write(piece) }
        kept.append(contentsOf: piece)
        guard kept.count > Self.memoryLimit else { return }
        let spool = SharedFile(try OpenFile.temporary())
        try spool.file.write(kept)
        self.spool = spool
        kept = []
    }

    /// The digest, and what a native library needs; nil for any other file.
    consuming func finish() -> (sha256: SHA256Digest, library: NativeLibrary?) {
        let digest = hasher.finalize()
        guard isNative == true else { return (digest, nil) }
        do {
            let file =
                if let spool {
                    try ELFFile.parse(name: path, size: size) { offset, count in
                        try spool.file.bytes(at: offset, count: count)
                    }
                } else {
                    try ELFFile.parse(kept, name: path)
                }
            return (digest, NativeLibrary(file, path: path))
        } catch {
            return (digest, NativeLibrary(path: path, machine: "", fault: "\(error)"))
        }
    }
}
