import Digests
import Failures
import Files

extension ArchiveStore {
    /// Copies a local file into the store, hashing what is written.
    /// - Parameters:
    ///   - size: bytes that it must have, where known.
    ///   - label: what to call it in messages.
    /// - Returns: its hash and its size in bytes.
    /// - Throws: `FetchError` with nothing kept where hash or size are wrong or the file cannot be read.
    @discardableResult
    public func adopt(
        _ path: String, expected: SHA256Digest? = nil, size: UInt64? = nil, label: String? = nil
    ) throws(FetchError) -> (sha256: SHA256Digest, size: UInt64) {
        func refuse(_ reason: FetchError.Reason) -> FetchError { FetchError(path, label: label, reason) }
        do {
            let source = try OpenFile.read(path)
            let status = try source.status()
            guard status.kind == .file else { throw refuse(.malformed("is no regular file")) }
            if let size, size != status.size {
                throw refuse(.wrongSize(expected: size, actual: status.size))
            }
            let partial = try PartialArchive(in: self)
            _ = try forEachPiece(of: source) { (bytes) throws(FileError) in try partial.write(bytes) }
            let digest = partial.digest()
            if let expected, expected != digest {
                throw refuse(.wrongHash(expected: expected, actual: digest))
            }
            try partial.commit(as: digest)
            return (digest, partial.size)
        } catch let error as FetchError {
            throw error
        } catch let error as FileError {
            throw refuse(.file(error))
        } catch {
            throw refuse(.library("\(error)"))
        }
    }

    /// Takes in an archive that is handed over piece by piece.
    /// - Parameters:
    ///   - label: what to call it in messages.
    ///   - produce: hands all bytes to its argument.
    /// - Throws: `FetchError` with nothing kept where the hash is wrong; what `produce` throws; `FileError`.
    public func adopt(
        expected: SHA256Digest, label: String,
        _ produce: ((UnsafeRawBufferPointer) throws(FileError) -> Void) throws -> Void
    ) throws {
        let partial = try PartialArchive(in: self)
        try produce { (bytes) throws(FileError) in try partial.write(bytes) }
        let digest = partial.digest()
        guard digest == expected else {
            throw FetchError(label, .wrongHash(expected: expected, actual: digest))
        }
        try partial.commit(as: digest)
    }
}
