import Archives
import Conda
import Digests
import Files

/// Archives whose files were all taken from a release: their own bytes are still read and compared, so that a damaged
/// bundle is refused whatever it is used for.
extension FileRegion {
    /// - Parameter progress: bytes since the last call.
    func check(_ expected: SHA256Digest, _ progress: (UInt64) -> Void) throws {
        var hasher = SHA256()
        try forEachPiece { piece in
            hasher.update(piece)
            progress(UInt64(piece.count))
        }
        let digest = hasher.finalize()
        guard digest == expected else {
            throw ArchiveError(
                name,
                "it is damaged: its SHA-256 should be \(expected) and is \(digest); copy the bundle again")
        }
    }
}

extension InterpreterInstaller {
    var isPlaced: Bool { !placed.isEmpty && placed.count == expected.count }
}

extension WheelInstaller {
    var isPlaced: Bool {
        !placed.isEmpty && contents.members.values.allSatisfy { $0.path.map { placed[$0] != nil } ?? true }
    }

    func takePlaced(_ progress: (UInt64) -> Void) throws -> Result {
        try contents.region.check(contents.archive.sha256, progress)
        var result = Result(files: placed.values.sorted { $0.path < $1.path })
        try writeOwnFiles(&result)
        return result
    }
}

extension CondaInstaller {
    var isPlaced: Bool {
        !placed.isEmpty
            && contents.members.allSatisfy {
                $0.role != .file || $0.entry.kind == .directory || placed[$0.path] != nil
            }
    }

    func takePlaced(_ progress: @escaping (UInt64) -> Void) throws -> Result {
        try contents.region.check(contents.archive.sha256, progress)
        var state = State(found: Array(repeating: nil, count: contents.members.count))
        for (number, member) in contents.members.enumerated() {
            if let digest = member.entry.sha256, member.role == .shared {
                state.result.shared.append(.init(path: member.path, sha256: digest))
            }
            guard member.role == .file else { continue }
            if member.entry.kind == .directory {
                try writeDirectory(number, &state)
            } else if let file = placed[member.path] {
                state.result.files.append(file)
            }
        }
        try writeLaunchers(&state)
        return state.result
    }
}
