import Conda
import Digests
import Files
import Glibc

/// Puts files of donors into a staging directory, each after it was read and hashed; one for each thread.
///
/// A file becomes a clone of the donor's (its bytes lie on the disk once), else a second name of it, else a copy. Only
/// what nobody may write to gets a second name, and only where owner, permissions and time are those that unpacking
/// would have given it.
final class FilePlacer {
    private struct Twin: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    let tree: TreeWriter
    /// No second names where programs are going to run in the new release before it is sealed.
    private let mayLink: Bool
    private let user = geteuid()
    private var readers: [ObjectIdentifier: DonorReader] = [:]
    private var twins: [Twin: RelativePath] = [:]
    private var allocated: UnsafeMutableRawBufferPointer?
    private var tally = SharingTally()

    init(_ tree: TreeWriter, mayLink: Bool) {
        self.tree = tree
        self.mayLink = mayLink
    }

    deinit { allocated?.deallocate() }

    private var buffer: UnsafeMutableRawBufferPointer {
        if let allocated { return allocated }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4_096)
        allocated = buffer
        return buffer
    }

    /// What was placed since the last call. Names of one file are only sought among the files placed between two.
    func takeTally() -> SharingTally {
        defer { tally = SharingTally() }
        twins.removeAll()
        return tally
    }

    private func find(_ file: Donor.File, of donor: Donor) -> DonorReader.Found? {
        let key = ObjectIdentifier(donor)
        let reader = readers[key] ?? DonorReader(donor)
        readers[key] = reader
        guard let found = reader.find(file) else {
            tally.damaged += 1
            return nil
        }
        return found
    }

    /// - Parameters:
    ///   - path: where it goes.
    ///   - isOwn: it must not be one file with another.
    /// - Returns: false, with nothing at the path, where the donor's file is not what its record says.
    func place(
        _ path: RelativePath, _ file: Donor.File, of donor: Donor, isOwn: Bool = false
    ) throws -> Bool {
        guard case .bytes(let size, let digest) = file.installed.content,
            let found = find(file, of: donor)
        else { return false }
        if !isOwn, try placeTwin(path, found.status) {
            tally.linked.add(size)
            return true
        }
        let isPlaced = try place(path, file.installed, found, digest, donor.means, isOwn: isOwn)
        if isPlaced { remember(path, found.status) } else { tally.damaged += 1 }
        return isPlaced
    }

    private func place(
        _ path: RelativePath, _ installed: InstalledFile, _ found: borrowing DonorReader.Found,
        _ digest: SHA256Digest, _ means: SharingMeans, isOwn: Bool
    ) throws -> Bool {
        var mean = means.current
        let isLinkable =
            mayLink && !isOwn && found.status.permissions & 0o7222 == 0 && found.status.owner == user
            && !found.file.hasAttributes
        if mean == .link, !isLinkable { mean = .copy }
        if mean == .copy { return try copy(path, installed, found, digest) }
        guard found.hash(buffer) == digest else { return false }
        if mean == .clone {
            let code = try clone(path, installed, found)
            if code == 0 {
                guard found.isUnchanged else {
                    try tree.remove(path)
                    return false
                }
                tally.cloned.add(found.status.size)
                return true
            }
            mean = means.refused(.clone, code) && isLinkable ? .link : .copy
        }
        if mean == .link, found.isUnchanged {
            let code = try tree.createHardLink(path, to: found.file)
            if code == 0 {
                tally.linked.add(found.status.size)
                return true
            }
            _ = means.refused(.link, code)
        }
        return try copy(path, installed, found, digest)
    }

    /// - Returns: 0, or the system's reason; there is nothing at the path then.
    private func clone(
        _ path: RelativePath, _ installed: InstalledFile, _ found: borrowing DonorReader.Found
    ) throws -> Int32 {
        var code: Int32 = 0
        try tree.createFile(
            path, permissions: installed.permissions,
            modificationTime: installed.origin?.modificationTime
        ) { output in
            code = output.clone(from: found.file)
            if [ENOSPC, EDQUOT, EIO].contains(code) { throw FileError("write", output.path, code: code) }
        }
        if code != 0 { try tree.remove(path) }
        return code
    }

    private func copy(
        _ path: RelativePath, _ installed: InstalledFile, _ found: borrowing DonorReader.Found,
        _ digest: SHA256Digest
    ) throws -> Bool {
        var hasher = SHA256()
        var isWhole = false
        try tree.createFile(
            path, permissions: installed.permissions,
            modificationTime: installed.origin?.modificationTime
        ) { output in
            isWhole = try found.read(buffer) { piece in
                hasher.update(piece)
                try output.write(piece)
            }
        }
        guard isWhole, hasher.finalize() == digest else {
            try tree.remove(path)
            return false
        }
        tally.copied.add(found.status.size)
        return true
    }

    /// A hard link in an archive is one in a release.
    private func placeTwin(_ path: RelativePath, _ status: FileStatus) throws -> Bool {
        guard status.linkCount > 1,
            let first = twins[Twin(device: status.device, inode: status.inode)]
        else { return false }
        try tree.createHardLink(path, to: first)
        return true
    }

    private func remember(_ path: RelativePath, _ status: FileStatus) {
        guard status.linkCount > 1 else { return }
        twins[Twin(device: status.device, inode: status.inode)] = path
    }

    /// Makes a file with another prefix in it out of a donor's.
    ///
    /// - Parameter original: the digest of the file in its archive, which decides whether the prefix was taken out
    ///   rightly.
    /// - Returns: nil, with nothing at the path, where that cannot be known.
    func derive(
        _ path: RelativePath, _ file: Donor.File, of donor: Donor, _ placeholder: PathsJSON.Placeholder,
        original: SHA256Digest, prefix: String
    ) throws -> InstalledFile? {
        guard let found = find(file, of: donor) else { return nil }
        var restorer = try PrefixRestorer(placeholder, prefix: donor.record.prefix)
        var rewriter = try PrefixRewriter(placeholder, prefix: prefix)
        var (before, raw, changed, size) = (SHA256(), SHA256(), SHA256(), UInt64(0))
        var isWhole = false
        try tree.createFile(
            path, permissions: file.installed.permissions,
            modificationTime: file.installed.origin?.modificationTime
        ) { output in
            func emit(_ new: UnsafeRawBufferPointer, _ output: borrowing OpenFile) throws {
                changed.update(new)
                size += UInt64(new.count)
                try output.write(new)
            }
            func restored(_ old: UnsafeRawBufferPointer, _ output: borrowing OpenFile) throws {
                raw.update(old)
                try rewriter.update(old) { (new) throws(any Error) in try emit(new, output) }
            }
            isWhole = try found.read(buffer) { piece in
                before.update(piece)
                try restorer.update(piece) { (old) throws(any Error) in try restored(old, output) }
            }
            try restorer.finish { (old) throws(any Error) in try restored(old, output) }
            try rewriter.finish { (new) throws(any Error) in try emit(new, output) }
        }
        guard isWhole, raw.finalize() == original else {
            try tree.remove(path)
            // Where the path that is the prefix stood in the file anyway, restoring fails on a sound one.
            if case .bytes(_, before.finalize()) = file.installed.content { return nil }
            tally.damaged += 1
            return nil
        }
        tally.rewritten.add(size)
        return InstalledFile(
            path: path, content: .bytes(size: size, sha256: changed.finalize()),
            permissions: file.installed.permissions, origin: file.installed.origin)
    }
}
