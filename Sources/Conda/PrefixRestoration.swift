import Digests

/// Whether a file with a prefix in it is what installing its original gives, said from the file and the original's
/// digest alone: nothing of what was written then needs to be remembered.
///
/// The prefix is taken out (`PrefixRestorer`), which should give the original, and is put in again, which should give
/// the file: so neither a byte of the original nor a place where the prefix belongs can differ.
public struct PrefixRestoration: Sendable {
    public struct Result: Hashable, Sendable {
        /// Of the file as it is.
        public let installed: SHA256Digest
        /// Bytes of the file as it is.
        public let size: UInt64
        /// Of the file with the placeholder in it: the original's, unless the guess is wrong.
        public let original: SHA256Digest
        public let originalSize: UInt64
        /// Whether installing what has that digest gives the file.
        public let isReproduced: Bool

        /// - Parameter original: the digest that the package's list gives the file.
        public func proves(_ original: SHA256Digest) -> Bool { isReproduced && self.original == original }
    }

    /// What becomes of the restored bytes.
    private struct Sink: Sendable {
        var original = SHA256()
        var originalSize: UInt64 = 0
        var rewriter: PrefixRewriter
        var again = SHA256()

        mutating func take(_ old: UnsafeRawBufferPointer) {
            original.update(old)
            originalSize += UInt64(old.count)
            var again = again
            rewriter.update(old) { again.update($0) }
            self.again = again
        }

        mutating func finish() {
            var again = again
            rewriter.finish { again.update($0) }
            self.again = again
        }
    }

    private var restorer: PrefixRestorer
    private var sink: Sink
    private var installed = SHA256()
    private var size: UInt64 = 0

    /// - Throws: what `PrefixRewriter.check` throws.
    public init(_ placeholder: PathsJSON.Placeholder, prefix: String) throws(CondaError) {
        restorer = try PrefixRestorer(placeholder, prefix: prefix)
        sink = Sink(rewriter: try PrefixRewriter(placeholder, prefix: prefix))
    }

    /// Takes the next bytes of the installed file.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        installed.update(bytes)
        size += UInt64(bytes.count)
        Self.pass(bytes, &restorer, &sink)
    }

    private static func pass(
        _ bytes: UnsafeRawBufferPointer, _ restorer: inout PrefixRestorer, _ sink: inout Sink
    ) {
        restorer.update(bytes) { sink.take($0) }
    }

    private static func end(_ restorer: inout PrefixRestorer, _ sink: inout Sink) {
        restorer.finish { sink.take($0) }
        sink.finish()
    }

    /// To be asked once, when all of the file was taken.
    public mutating func finish() -> Result {
        Self.end(&restorer, &sink)
        let installed = installed.finalize()
        return Result(
            installed: installed, size: size, original: sink.original.finalize(),
            originalSize: sink.originalSize, isReproduced: sink.again.finalize() == installed)
    }
}
