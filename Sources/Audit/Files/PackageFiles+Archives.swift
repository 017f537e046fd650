import Archives
import Bundle
import Conda
import Digests
import Files
import Install
import Wheels

/// One reader for each kind of archive. The places are those that installing chooses.
extension PackageFiles {
    static func wheel(
        _ archive: Manifest.Archive, _ bundle: BundleReader, _ workspace: InflateWorkspace
    ) throws -> PackageFiles {
        let contents = try PackageContents.read(
            archive, in: bundle.region(of: archive.path), python: bundle.manifest.python, workspace: workspace
        )
        var collected = Collected(bundle.manifest.python)
        var stream = ZipStream(contents.region, directory: contents.directory, workspace: workspace)
        let digest = try stream.run { entry, data in
            guard let member = contents.members[MemberName(entry.name)], let path = member.path else {
                return
            }
            var probe = FileProbe(path.string)
            var rewritten = false
            if data.fitsInMemory() {
                let bytes = try data.whole()
                rewritten = member.role == .script && bytes.starts(with: "#!python".utf8)
                try probe.update(bytes)
            } else {
                try data.stream { try probe.update($0) }
            }
            collected.add(probe, at: path.string, mode: octal(member.permissions), rewritten: rewritten)
        }
        guard digest == archive.sha256 else { throw damaged(archive, digest) }
        collected.add(
            entryPoints: contents.entryPoints.map { "\($0.name) = \($0.module):\($0.attribute)" })
        return collected.result
    }

    static func conda(_ archive: Manifest.Archive, _ bundle: BundleReader) throws -> PackageFiles {
        let manifest = bundle.manifest
        let contents = try CondaContents.read(
            archive, in: bundle.region(of: archive.path), python: manifest.python,
            overrides: manifest.overrides)
        var members: [RelativePath: CondaContents.Member] = [:]
        for member in contents.members { members[try RelativePath(member.entry.path)] = member }
        var collected = Collected(manifest.python)
        var known: [RelativePath: (size: UInt64, sha256: SHA256Digest)] = [:]
        let summary = try CondaArchive.read(contents.region, progress: { _ in }) { entry, content in
            guard !CondaContents.isInfo(entry.path), entry.kind != .directory else { return }
            guard let member = members[entry.path] else {
                throw ArchiveError(
                    archive.filename, member: entry.path.string, "its list of paths does not name it")
            }
            let path = member.path.string
            let mode = octal(
                CondaContents.permissions(entry.permissions) | entry.permissions & 0o6000)
            let rewritten = member.entry.placeholder != nil
            switch entry.kind {
            case .file:
                var probe = FileProbe(path)
                try content.forEachChunk { try probe.update($0) }
                let digest = collected.add(probe, at: path, mode: mode, rewritten: rewritten)
                known[entry.path] = (entry.size, digest)
            case .hardLink(let target):
                // An earlier file of the archive, or the reader would have refused it.
                guard let original = known[target] else { return }
                known[entry.path] = original
                collected.add(
                    File(
                        path: path, mode: mode, size: original.size, sha256: original.sha256,
                        rewritten: rewritten ? true : nil), nil)
            case .symbolicLink(let target): collected.add(link: target, at: path)
            case .directory: break
            }
        }
        guard summary.sha256 == archive.sha256 else { throw damaged(archive, summary.sha256) }
        collected.add(
            entryPoints: contents.entryPoints.map { "\($0.command) = \($0.module):\($0.function)" })
        return collected.result
    }

    /// Its files are those that the manifest lists; the archive is read for what its libraries need.
    static func interpreter(_ archive: Manifest.Archive, _ bundle: BundleReader) throws -> PackageFiles {
        let region = try bundle.region(of: archive.path)
        var expected: [RelativePath: Manifest.File] = [:]
        for file in bundle.manifest.files where file.source == archive.path {
            expected[try RelativePath(file.path)] = file
        }
        var collected = Collected(bundle.manifest.python)
        var missing = Set(expected.keys)
        let summary = try TarReader.read(region.file.file, at: region.offset, length: region.size) {
            entry, content in
            guard entry.kind != .directory, entry.path.string != "airlift-interpreter.json" else { return }
            let path = try RelativePath("base/\(entry.path)")
            func refuse(_ reason: String) -> ArchiveError {
                ArchiveError(archive.filename, member: entry.path.string, reason)
            }
            guard let file = expected[path], missing.remove(path) != nil else {
                throw refuse("it is not in the manifest")
            }
            switch entry.kind {
            case .file:
                var probe = FileProbe(path.string)
                try content.forEachChunk { try probe.update($0) }
                let digest = collected.add(probe, at: path.string, mode: file.mode)
                guard digest == file.sha256 else {
                    throw refuse("its contents are not those that the manifest names")
                }
            case .symbolicLink(let target):
                guard let link = file.link, haveSameBytes(link.utf8, target.utf8) else {
                    throw refuse("it points elsewhere than the manifest says")
                }
                collected.add(link: target, at: path.string)
            case .hardLink, .directory:
                throw refuse("it is a hard link, which an interpreter's archive does not need")
            }
        }
        guard summary.sha256 == archive.sha256 else { throw damaged(archive, summary.sha256) }
        if let missing = missing.min() {
            throw ArchiveError(archive.filename, "'\(missing)' is in the manifest and not in the archive")
        }
        return collected.result
    }
}
