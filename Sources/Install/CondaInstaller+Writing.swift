import Archives
import Conda
import Digests
import Files

extension CondaInstaller {
    /// Whether the file at a path is this package's to write.
    private func isWritten(_ member: CondaContents.Member) -> Bool {
        tree != nil && member.role == .file && placed[member.path] == nil
    }

    func writeDirectory(_ number: Int, _ state: inout State) throws {
        let member = contents.members[number]
        var installed: InstalledFile?
        if member.role == .file {
            try tree?.createDirectory(member.path)
            let file = InstalledFile(
                path: member.path, content: .directory, permissions: 0o755, origin: origin(nil))
            state.result.files.append(file)
            installed = file
        }
        state.found[number] = Found(digest: nil, size: 0, installed: installed)
    }

    /// - Parameter target: stays inside the archive, so inside the prefix: `noarch: python` moves paths deeper only.
    func link(_ number: Int, _ target: String, _ state: inout State) throws {
        let member = contents.members[number]
        var installed: InstalledFile?
        if member.role == .file {
            let file = InstalledFile(
                path: member.path, content: .link(target: target), permissions: 0o777, origin: origin(nil))
            if let placed = placed[member.path] {
                try checkPlaced(placed.content == file.content, member)
            } else {
                try tree?.createSymbolicLink(member.path, to: target)
            }
            state.result.files.append(file)
            installed = file
        }
        state.found[number] = Found(digest: nil, size: 0, installed: installed)
    }

    /// What its owner may do, for all to read: neither group nor others may write, whatever the umask of the
    /// machine was that built it, and no set-id bit stays.
    static func permissions(_ mode: UInt32) -> UInt32 {
        0o444 | mode & 0o200 | (mode & 0o111 == 0 ? 0 : 0o111)
    }

    func place(_ number: Int, _ entry: TarEntry, _ content: TarContent, _ state: inout State) throws {
        let member = contents.members[number]
        if let expected = member.entry.size, expected != entry.size {
            // Not a byte more is written than the list of paths says.
            state.fault(sizeFault(member, entry.size, expected))
            state.found[number] = Found(digest: nil, size: 0, installed: nil)
            return
        }
        let (digest, installed) = try write(member, entry, content)
        judge(member, digest, entry.size, &state)
        if let installed { state.result.files.append(installed) }
        if member.role == .shared { state.result.shared.append(.init(path: member.path, sha256: digest)) }
        state.found[number] = Found(digest: digest, size: entry.size, installed: installed)
    }

    private func judge(
        _ member: CondaContents.Member, _ digest: SHA256Digest, _ size: UInt64, _ state: inout State
    ) {
        let path = member.entry.path
        if let expected = member.entry.size, expected != size {
            state.fault(sizeFault(member, size, expected))
        } else if let expected = member.entry.sha256, expected != digest {
            state.fault(
                refuse(
                    "its SHA-256 should be \(expected) by its list of paths, and is \(digest)", member: path))
        }
    }

    private func sizeFault(_ member: CondaContents.Member, _ size: UInt64, _ expected: UInt64) -> ArchiveError
    {
        refuse(
            "its list of paths gives it \(expected) bytes, and it has \(size)", member: member.entry.path)
    }

    /// - Returns: the digest of the member as it is in the archive, and the file that was, or would be, written.
    private func write(
        _ member: CondaContents.Member, _ entry: TarEntry, _ content: TarContent
    ) throws -> (SHA256Digest, InstalledFile?) {
        var raw = SHA256()
        guard isWritten(member) else {
            try content.forEachChunk { raw.update($0) }
            let digest = raw.finalize()
            guard member.role == .file else { return (digest, nil) }
            if let placed = placed[member.path] {
                let isSame = placed.content == .bytes(size: entry.size, sha256: digest)
                try checkPlaced(isSame || member.entry.placeholder != nil, member)
                return (digest, placed)
            }
            return (digest, file(member, entry, size: entry.size, digest))
        }
        guard let placeholder = member.entry.placeholder else {
            try create(member, entry) { output in
                try content.forEachChunk { piece in
                    raw.update(piece)
                    try output.write(piece)
                }
            }
            let digest = raw.finalize()
            return (digest, file(member, entry, size: entry.size, digest))
        }
        var changed = SHA256()
        var size: UInt64 = 0
        try create(member, entry) { output in
            var rewriter = try PrefixRewriter(placeholder, prefix: prefix)
            func emit(_ piece: UnsafeRawBufferPointer, _ output: borrowing OpenFile) throws {
                changed.update(piece)
                size += UInt64(piece.count)
                try output.write(piece)
            }
            try content.forEachChunk { piece in
                raw.update(piece)
                try rewriter.update(piece) { (new) throws(any Error) in try emit(new, output) }
            }
            try rewriter.finish { (new) throws(any Error) in try emit(new, output) }
        }
        return (raw.finalize(), file(member, entry, size: size, changed.finalize()))
    }

    private func create(
        _ member: CondaContents.Member, _ entry: TarEntry, _ write: (borrowing OpenFile) throws -> Void
    ) throws {
        try tree?.createFile(
            member.path, permissions: Self.permissions(entry.permissions),
            modificationTime: entry.modificationTime, write)
    }

    private func file(
        _ member: CondaContents.Member, _ entry: TarEntry, size: UInt64, _ digest: SHA256Digest
    ) -> InstalledFile {
        InstalledFile(
            path: member.path, content: .bytes(size: size, sha256: digest),
            permissions: Self.permissions(entry.permissions), origin: origin(entry.modificationTime))
    }

    /// A hard link of the archive becomes one in the prefix, where both names have the same bytes there too.
    func hardLink(_ number: Int, _ entry: TarEntry, _ target: RelativePath, _ state: inout State) throws {
        let member = contents.members[number]
        guard let other = contents.index[target], let original = state.found[other],
            let digest = original.digest
        else {
            state.found[number] = Found(digest: nil, size: 0, installed: nil)
            return state.fault(
                refuse("it is a hard link to '\(target)', which is not installed", member: entry.path.string))
        }
        judge(member, digest, original.size, &state)
        var installed: InstalledFile?
        let source = contents.members[other]
        if member.role == .shared {
            state.result.shared.append(.init(path: member.path, sha256: digest))
        } else if member.role == .file {
            let isOne =
                member.entry.placeholder == source.entry.placeholder && !member.entry.noLink
                && !source.entry.noLink
            if let placed = placed[member.path] {
                state.result.files.append(placed)
                installed = placed
            } else if tree != nil, isOne, let written = original.installed {
                try tree?.createHardLink(member.path, to: written.path)
                let file = written.with(path: member.path)
                state.result.files.append(file)
                installed = file
            } else if tree != nil {
                state.deferred.append(Deferred(number: number, target: target, entry: entry))
            } else {
                state.result.files.append(file(member, entry, size: original.size, digest))
            }
        }
        state.found[number] = Found(digest: digest, size: original.size, installed: installed)
    }

    /// Reads the archive once more for hard links to files that are not there as they were: the prefix went into
    /// one and not into the other, an override gave one to another archive, or they must not be links.
    func writeDeferred(_ state: inout State) throws {
        while !state.deferred.isEmpty {
            var waiting: [Deferred] = []
            var next: [RelativePath: Deferred] = [:]
            for deferred in state.deferred {
                if next[deferred.target] == nil {
                    next[deferred.target] = deferred
                } else {
                    waiting.append(deferred)
                }
            }
            let summary = try CondaArchive.read(contents.region, progress: { _ in }) { entry, content in
                guard let deferred = next.removeValue(forKey: entry.path) else { return }
                let member = contents.members[deferred.number]
                let source = TarEntry(
                    path: entry.path, kind: .file, size: entry.size, permissions: deferred.entry.permissions,
                    modificationTime: deferred.entry.modificationTime)
                if let installed = try write(member, source, content).1 {
                    state.result.files.append(installed)
                }
            }
            guard summary.sha256 == contents.archive.sha256, next.isEmpty else {
                throw refuse("it changed while it was read; copy the bundle again")
            }
            state.deferred = waiting
        }
    }

    /// The commands of a `noarch: python` package.
    func writeLaunchers(_ state: inout State) throws {
        guard tree != nil else { return }
        for entryPoint in contents.entryPoints {
            let path = try RelativePath("bin/\(entryPoint.command)")
            let bytes = entryPoint.script(interpreter: interpreter)
            try tree?.createFile(path, bytes, permissions: 0o755)
            state.result.files.append(InstalledFile(path: path, bytes: bytes, permissions: 0o755))
        }
    }

    private func origin(_ time: Int64?) -> InstalledFile.Origin {
        .init(archive: number, modificationTime: time)
    }

    private func checkPlaced(_ isSame: Bool, _ member: CondaContents.Member) throws {
        guard !isSame else { return }
        throw InstallError(
            .damaged,
            "a release whose files were to be shared has another '\(member.path)' on record for '\(contents.archive.filename)' than is in that archive; use repair on it, or install with --no-share"
        )
    }
}
