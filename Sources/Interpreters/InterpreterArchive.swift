import Archives
import Digests
import Files
import FoundationEssentials

/// Reading an interpreter archive, without running anything of it.
public enum InterpreterArchive {
    /// Reads the whole archive once: description, and the size and digest of every file.
    /// - Throws: `InterpreterError`, `TarError`, `FileError`.
    public static func read(_ path: String) throws -> CapturedInterpreter {
        let file = try OpenFile.read(path)
        var description: InterpreterDescription?
        var files: [CapturedInterpreter.File] = []
        let summary = try TarReader.read(file) { entry, content in
            if files.isEmpty {
                guard entry.path.string == InterpreterDescription.memberName, entry.kind == .file else {
                    throw InterpreterError(
                        path,
                        .damagedArchive(
                            "its first member should be '\(InterpreterDescription.memberName)' and is '\(entry.path)'"
                        ))
                }
                let bytes = try content.bytes(limit: 16 << 20)
                description = try decode(bytes, of: path)
                files.append(record(entry, size: UInt64(bytes.count), SHA256.hash(bytes), nil))
                return
            }
            switch entry.kind {
            case .directory: break
            case .symbolicLink(let target): files.append(record(entry, size: 0, nil, target))
            case .hardLink:
                throw InterpreterError(
                    path, .damagedArchive("'\(entry.path)' is a hard link, which none holds"))
            case .file:
                var hasher = SHA256()
                try content.forEachChunk { hasher.update($0) }
                files.append(record(entry, size: entry.size, hasher.finalize(), nil))
            }
        }
        guard let description else { throw InterpreterError(path, .damagedArchive("it is empty")) }
        guard files.contains(where: { $0.path == description.executable && $0.permissions & 0o111 != 0 })
        else {
            throw InterpreterError(
                path, .damagedArchive("it lacks its executable '\(description.executable)'"))
        }
        return CapturedInterpreter(
            description: description, files: files, size: summary.size, sha256: summary.sha256)
    }

    /// Reads the description alone, the first member, and nothing behind it.
    /// - Parameters:
    ///   - offset: where in the file the archive begins.
    ///   - length: its bytes; nil for all up to the end of the file.
    /// - Throws: `InterpreterError`, `TarError`, `FileError`.
    public static func description(
        _ file: borrowing OpenFile, at offset: UInt64 = 0, length: UInt64? = nil
    ) throws -> InterpreterDescription {
        struct Found: Error { let bytes: [UInt8] }
        let path = file.path
        do {
            _ = try TarReader.read(file, at: offset, length: length) { entry, content in
                guard entry.path.string == InterpreterDescription.memberName, entry.kind == .file else {
                    throw InterpreterError(
                        path,
                        .damagedArchive(
                            "its first member should be '\(InterpreterDescription.memberName)' and is '\(entry.path)'"
                        ))
                }
                throw Found(bytes: try content.bytes(limit: 16 << 20))
            }
        } catch let found as Found {
            return try decode(found.bytes, of: path)
        }
        throw InterpreterError(path, .damagedArchive("it is empty"))
    }

    private static func decode(_ bytes: [UInt8], of path: String) throws(InterpreterError)
        -> InterpreterDescription
    {
        struct Format: Codable { let format: Int }
        let format = try? JSONDecoder().decode(Format.self, from: Data(bytes))
        if let format, format.format != InterpreterDescription.currentFormat {
            throw InterpreterError(
                path,
                .damagedArchive(
                    "its description has format \(format.format) and \(InterpreterDescription.currentFormat) is known"
                ))
        }
        do { return try JSONDecoder().decode(InterpreterDescription.self, from: Data(bytes)) } catch {
            throw InterpreterError(path, .damagedArchive("its description cannot be read"))
        }
    }

    private static func record(
        _ entry: TarEntry, size: UInt64, _ digest: SHA256Digest?, _ target: String?
    ) -> CapturedInterpreter.File {
        CapturedInterpreter.File(
            path: entry.path.string, size: size, sha256: digest, permissions: entry.permissions,
            modificationTime: entry.modificationTime, linkTarget: target)
    }
}
