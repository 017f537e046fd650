import CZstd

/// Zstandard frames (RFC 8878), one after the other; skippable ones are passed over. Windows above 128 MiB are
/// refused before memory is taken for them.
final class ZstandardInflater: Inflater {
    private let raw: TarRawSource
    private let archive: String
    private let context: OpaquePointer
    private let output: UnsafeMutableRawBufferPointer
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    private var used = 0
    /// Whether the last frame is whole.
    private var isBetweenFrames = true
    /// Whether the decoder may have bytes left that found no room.
    private var mayHoldMore = false

    /// Frames up to this size are inflated right into it, without a window of their own.
    private static let outputSize = 256 << 10
    private static let windowLogLimit: Int32 = 27

    init(_ raw: TarRawSource, archive: String) throws {
        guard let context = ZSTD_createDCtx() else {
            throw TarError(archive: archive, reason: .failed("there is no memory for a decompressor"))
        }
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLogLimit)
        self.raw = raw
        self.archive = archive
        self.context = context
        output = .allocate(byteCount: Self.outputSize, alignment: 4_096)
    }

    deinit {
        ZSTD_freeDCtx(context)
        output.deallocate()
    }

    func next() throws -> UnsafeRawBufferPointer {
        var out = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        while out.pos == 0 {
            if used == input.count, !mayHoldMore {
                input = try raw.next()
                used = 0
                if input.isEmpty {
                    guard isBetweenFrames else { throw damaged("it is cut short") }
                    break
                }
            }
            var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: used)
            let status = ZSTD_decompressStream(context, &out, &source)
            try check(status)
            used = source.pos
            isBetweenFrames = status == 0
            mayHoldMore = !isBetweenFrames && out.pos == out.size
        }
        return UnsafeRawBufferPointer(rebasing: output[..<out.pos])
    }

    private func damaged(_ what: String) -> TarError { TarError(archive: archive, reason: .damaged(what)) }

    private func check(_ status: Int) throws(TarError) {
        guard ZSTD_isError(status) != 0 else { return }
        switch ZSTD_getErrorCode(status) {
        case ZSTD_error_frameParameter_windowTooLarge:
            throw TarError(
                archive: archive,
                reason: .refused(
                    "unpacking it takes more than the allowed \(1 << (Self.windowLogLimit - 20)) MiB of memory"
                )
            )
        case ZSTD_error_dictionary_wrong:
            throw TarError(
                archive: archive, reason: .refused("it was compressed with a dictionary that nobody has here")
            )
        case ZSTD_error_prefix_unknown where isBetweenFrames:
            throw damaged("further bytes follow the end of its compressed data")
        case ZSTD_error_memory_allocation:
            throw TarError(archive: archive, reason: .failed("there is no memory for its window"))
        default:
            throw damaged("zstd: \(String(cString: ZSTD_getErrorName(status)))")
        }
    }
}
