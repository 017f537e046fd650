/// The bytes that a file had in its package, told by what is to be changed in the bytes that it has in a prefix.
public struct Restoration: Sendable, Equatable {
    /// A part of the installed file, and what stands in its place in the package.
    struct Edit: Sendable, Equatable {
        let range: Range<Int>
        let bytes: [UInt8]
    }

    /// In order, none overlapping another.
    let edits: [Edit]
    /// Bytes of the file in the package.
    public let size: UInt64

    init(_ edits: [Edit], installedSize: Int) {
        self.edits = edits
        size = UInt64(edits.reduce(installedSize) { $0 - $1.range.count + $1.bytes.count })
    }

    /// Hands out the original in order, a piece at a time.
    /// - Parameter installed: the bytes that this was found for.
    public func forEachPiece<E: Error>(
        of installed: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        var position = 0
        for edit in edits {
            if edit.range.lowerBound > position {
                try body(UnsafeRawBufferPointer(rebasing: installed[position..<edit.range.lowerBound]))
            }
            if !edit.bytes.isEmpty {
                try edit.bytes.withUnsafeBufferPointer { (bytes) throws(E) in
                    try body(UnsafeRawBufferPointer(bytes))
                }
            }
            position = edit.range.upperBound
        }
        if position < installed.count { try body(UnsafeRawBufferPointer(rebasing: installed[position...])) }
    }
}
