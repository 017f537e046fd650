import Archives
import Bundle
import Conda
import Digests
import Failures
import Files

/// Unpacks one conda package into staging: each file is written once, while the archive streams by, with the prefix
/// in the place of placeholders; the package's list of paths is enforced (CEP 34).
struct CondaInstaller {
    let contents: CondaContents
    /// Where to write; nil checks everything and writes nothing.
    let tree: TreeWriter?
    /// The final path of the environment: absolute.
    let prefix: String
    /// The interpreter that launchers name: absolute, in the prefix.
    let interpreter: String
    /// The number of the archive in the manifest.
    var number = 0
    /// Files that are there already, taken from another release.
    var placed: [RelativePath: InstalledFile] = [:]

    struct Result: Sendable {
        var files: [InstalledFile] = []
        var shared: [WheelInstaller.SharedFile] = []
        /// Members that came with a set-id bit, which was dropped.
        var setID: [RelativePath] = []
    }

    /// What was found of one listed path.
    struct Found {
        let digest: SHA256Digest?
        let size: UInt64
        /// As it was written; nil where it was not.
        let installed: InstalledFile?
    }

    /// A hard link whose file could not be linked to: its bytes are read once more.
    struct Deferred {
        let number: Int
        let target: RelativePath
        let entry: TarEntry
    }

    struct State {
        var result = Result()
        var found: [Found?]
        var info: Set<String> = []
        var deferred: [Deferred] = []
        var faults: [ArchiveError] = []

        mutating func fault(_ error: ArchiveError) {
            if faults.count < 100 { faults.append(error) }
        }
    }

    /// - Parameter progress: raw bytes of the archive since the last call.
    /// - Throws: errors that name the archive; `FailureList` with every file that is not as it is listed.
    func install(progress: @escaping (UInt64) -> Void) throws -> Result {
        try CondaContents.naming(contents.archive.filename) {
            if isPlaced { return try takePlaced(progress) }
            var state = State(found: Array(repeating: nil, count: contents.members.count))
            let summary = try CondaArchive.read(contents.region, progress: progress) { entry, content in
                if CondaReading.isInfo(entry.path) {
                    try checkInfo(entry, content, &state)
                } else {
                    try visit(entry, content, &state)
                }
            }
            // What the archive itself should be comes first: of a damaged one, no list is wrong.
            guard summary.sha256 == contents.archive.sha256 else {
                throw refuse(
                    "it is damaged: its SHA-256 should be \(contents.archive.sha256) and is \(summary.sha256); copy the bundle again"
                )
            }
            try noteMissing(&state)
            guard state.faults.isEmpty else { throw FailureList(state.faults) }
            try writeDeferred(&state)
            try writeLaunchers(&state)
            return state.result
        }
    }

    func refuse(_ reason: String, member: String? = nil) -> ArchiveError {
        ArchiveError(contents.archive.filename, member: member, reason)
    }

    /// The descriptions by which everything was planned are still the ones in the archive, all of them.
    private func checkInfo(_ entry: TarEntry, _ content: TarContent, _ state: inout State) throws {
        let path = entry.path.string
        guard entry.kind != .directory, CondaPackageInfo.isWanted(path) else { return }
        guard let expected = contents.infoDigests[path] else {
            throw refuse(
                "it comes after files that it may describe, where no installer looks for it", member: path)
        }
        var hasher = SHA256()
        try content.forEachChunk { hasher.update($0) }
        guard entry.kind == .file, hasher.finalize() == expected else {
            throw refuse("it is not what it was while the installation was planned", member: path)
        }
        state.info.insert(path)
    }

    private func noteMissing(_ state: inout State) throws {
        if let gone = contents.infoDigests.keys.filter({ !state.info.contains($0) }).min() {
            throw refuse("it was there while the installation was planned, and is not now", member: gone)
        }
        for (number, member) in contents.members.enumerated() where state.found[number] == nil {
            if member.entry.kind == .directory {
                try writeDirectory(number, &state)
            } else {
                state.fault(
                    refuse("its list of paths names it, and it is not there", member: member.entry.path))
            }
        }
    }

    private func visit(_ entry: TarEntry, _ content: TarContent, _ state: inout State) throws {
        guard let number = contents.index[entry.path] else {
            // An archive may name every directory; what is in them says whether they are made.
            if entry.kind == .directory { return }
            return state.fault(refuse("its list of paths does not name it", member: entry.path.string))
        }
        let member = contents.members[number]
        if let fault = kindFault(entry, member.entry) {
            state.found[number] = Found(digest: nil, size: 0, installed: nil)
            return state.fault(refuse(fault, member: entry.path.string))
        }
        if entry.permissions & 0o6000 != 0, entry.kind != .directory {
            state.result.setID.append(member.path)
        }
        switch entry.kind {
        case .directory: try writeDirectory(number, &state)
        case .symbolicLink(let target): try link(number, target, &state)
        case .file: try place(number, entry, content, &state)
        case .hardLink(let target): try hardLink(number, entry, target, &state)
        }
    }

    /// A list from before `paths.json` says nothing of kinds.
    private func kindFault(_ entry: TarEntry, _ listed: PathsJSON.Entry) -> String? {
        let kind: PathsJSON.Kind =
            switch entry.kind {
            case .file, .hardLink: .file
            case .symbolicLink: .softlink
            case .directory: .directory
            }
        if kind == listed.kind || contents.info.paths.source == .legacyFiles { return nil }
        func word(_ kind: PathsJSON.Kind) -> String {
            switch kind {
            case .file: "a file"
            case .softlink: "a symbolic link"
            case .directory: "a directory"
            }
        }
        return "it is \(word(kind)), and its list of paths says \(word(listed.kind))"
    }
}
