/// Bytes of a file at any offset, through a window of 64 KiB, so that small reads near one another cost one.
struct ByteWindow {
    typealias ReadAt = (_ offset: UInt64, _ count: Int) throws -> [UInt8]

    let name: String
    let size: UInt64
    let readAt: ReadAt
    private var start: UInt64 = 0
    private var window: [UInt8] = []

    init(name: String, size: UInt64, readAt: @escaping ReadAt) {
        self.name = name
        self.size = size
        self.readAt = readAt
    }

    func damaged(_ what: String) -> ELFError { ELFError(name: name, reason: .damaged(what)) }

    /// Exactly `count` bytes, or an error that calls them `what`.
    mutating func bytes(at offset: UInt64, _ count: UInt64, _ what: String) throws(ELFError) -> ArraySlice<
        UInt8
    > {
        let (end, overflow) = offset.addingReportingOverflow(count)
        guard !overflow, end <= size else {
            throw damaged("\(what) would lie at byte \(offset), past the end at \(size)")
        }
        if offset < start || end > start + UInt64(window.count) {
            let length = min(max(count, 64 << 10), size - offset)
            do { window = try readAt(offset, Int(length)) } catch {
                throw ELFError(name: name, reason: .unreadable("\(error)"))
            }
            start = offset
            guard UInt64(window.count) >= count else {
                throw damaged("it ended at byte \(offset + UInt64(window.count)) while \(what) was read")
            }
        }
        let first = Int(offset - start)
        return window[first..<first + Int(count)]
    }

    mutating func integer<T: FixedWidthInteger & UnsignedInteger>(
        _ type: T.Type, at offset: UInt64, _ what: String
    ) throws(ELFError) -> T {
        let bytes = try bytes(at: offset, UInt64(T.bitWidth / 8), what)
        return bytes.reversed().reduce(0) { $0 << 8 | T($1) }
    }
}
