import Bundle
import Digests
import Files
import Glibc

extension PrefixRepair {
    /// Compiles modules anew, with the environment's own interpreter, whose files are right by now. What comes of it need
    /// not be the same bytes as before, so that the list of files changes with it.
    ///
    /// - Parameters:
    ///   - damaged: compiled modules.
    ///   - restored: files that were put in place.
    /// - Returns: Airlift's list as it is to be.
    mutating func compile(_ damaged: [InstalledFile], _ restored: [InstalledFile]) throws -> [InstalledFile] {
        let plan = expected.reconstruction.plan
        let compiled = expected.list.files.filter {
            $0.isBytecode && !expected.restorable.contains($0.path)
        }
        let wanted = Set((request.recompiles ? compiled : damaged).map(\.path))
        guard !wanted.isEmpty else { return expected.list.files }
        guard outcome.failed.isEmpty else {
            for path in wanted.sorted() {
                outcome.failed.append(
                    .init(path: path.string, what: "not compiled, because other files are not right"))
            }
            return expected.list.files
        }
        var sources: [RelativePath] = []
        for path in wanted.sorted() {
            let known = CompiledModule.sources(of: path)
            guard let source = try known.first(where: { try directory.status(of: $0) != nil }) else {
                continue
            }
            if let holder = path.parent, try directory.status(of: holder)?.kind != .directory {
                // Nothing of it is below a link, or where there is no directory.
                try directory.remove(holder)
            } else {
                try directory.removeTree(path)
            }
            sources.append(source)
        }
        let made = try BytecodeCompiler(
            interpreter: plan.baseInterpreter(directory), cacheTag: plan.bundle.manifest.python.cacheTag,
            staging: directory, jobs: request.jobs
        ).compile(sources).map { try sealed($0) }
        let new = Dictionary(made.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        for path in wanted.sorted() {
            if new[path] != nil {
                outcome.compiled.append(path.string)
            } else {
                outcome.failed.append(.init(path: path.string, what: "its source does not compile any more"))
            }
        }
        return expected.list.files.compactMap { wanted.contains($0.path) ? new[$0.path] : $0 }
    }

    private func sealed(_ file: InstalledFile) throws -> InstalledFile {
        guard root != nil else { return file }
        try directory.openFile(file.path).setPermissions(file.permissions & ~0o222)
        return InstalledFile(
            path: file.path, content: file.content, permissions: file.permissions & ~0o222, isBytecode: true)
    }

    /// Writes what of Airlift's own record is not as it should be.
    mutating func writeRecord(_ files: [InstalledFile]) throws {
        let permissions = expected.reconstruction.plan.ownPermissions
        let bundle = expected.reconstruction.plan.bundle
        let manifest = try RelativePath(InstallRecord.manifestPath)
        if (try? directory.contents(of: manifest, limit: 1 << 30)) != bundle.manifestBytes {
            try directory.replaceFile(
                manifest, with: bundle.manifestBytes, permissions: permissions, durable: request.synchronize)
        }
        let list = InstalledFileList(files)
        let path = try RelativePath(InstalledFileList.path)
        if (try? directory.contents(of: path, limit: 1 << 30)) != list.encoded()
            || expected.record.files != SHA256.hash(list.encoded()) || hasLostOrigins
        {
            try expected.record.replaceList(
                with: list, in: directory, permissions: permissions, durable: request.synchronize)
        }
        for fault in expected.faults { outcome.restored.append(fault) }
    }
}

extension PrefixRepair {
    private var hasLostOrigins: Bool {
        guard let origins = expected.record.origins else { return false }
        let path = try? RelativePath(FileOrigins.path)
        let bytes = path.flatMap { try? directory.contents(of: $0, limit: 1 << 30) }
        return bytes.map { SHA256.hash($0) } != origins
    }
}

extension InstallRecord {
    /// The list that is about to become Airlift's list.
    static let nextListPath = ".airlift/files.next"

    /// Replaces list and record so that, whenever it is cut off, one of two lists is the one that the record names.
    func replaceList(
        with list: InstalledFileList, in prefix: Directory, permissions: UInt32, durable: Bool
    ) throws {
        var record = self
        let (bytes, origins) = (list.encoded(), FileOrigins.encoded(list))
        record.files = SHA256.hash(bytes)
        if record.origins != nil { record.origins = SHA256.hash(origins) }
        let next = try RelativePath(Self.nextListPath)
        try prefix.replaceFile(next, with: bytes, permissions: permissions, durable: durable)
        // Until the record names it, no release shares files with this one.
        if record.origins != nil {
            try prefix.replaceFile(
                RelativePath(FileOrigins.path), with: origins, permissions: permissions, durable: durable)
        }
        try prefix.replaceFile(
            RelativePath(Self.path), with: CanonicalJSON.encode(record), permissions: permissions,
            durable: durable)
        try prefix.replace(RelativePath(InstalledFileList.path), with: next)
    }

    /// Ends what `replaceList` began.
    func completeList(in prefix: Directory) throws {
        let next = try RelativePath(Self.nextListPath)
        guard try prefix.status(of: next) != nil else { return }
        if SHA256.hash(try prefix.contents(of: next, limit: 1 << 30)) == files {
            try prefix.replace(RelativePath(InstalledFileList.path), with: next)
        } else {
            try prefix.remove(next)
        }
    }
}
