import Bundle
import Files
import Glibc
import Workers

/// One repair under way.
struct PrefixRepair {
    let expected: ExpectedPrefix
    let directory: Directory
    /// Holds the environment and the staging directory, by these names.
    let parent: Directory
    let name: RelativePath
    let staging: RelativePath
    /// Of which the environment is a release.
    let root: ReleaseRoot?
    let request: RepairRequest
    let progress: @Sendable (RepairProgress) -> Void
    var outcome: RepairOutcome
    /// Names in other releases of the files that are replaced.
    private var sharers = SharedDamage()

    init(
        expected: ExpectedPrefix, directory: Directory, parent: Directory, name: RelativePath,
        staging: RelativePath, root: ReleaseRoot?, request: RepairRequest,
        progress: @escaping @Sendable (RepairProgress) -> Void, outcome: RepairOutcome
    ) {
        self.expected = expected
        self.directory = directory
        self.parent = parent
        self.name = name
        self.staging = staging
        self.root = root
        self.request = request
        self.progress = progress
        self.outcome = outcome
    }

    private struct Damage {
        let file: InstalledFile
        let what: String
    }

    mutating func run(_ report: PrefixVerification) throws {
        let damage = damage(report)
        let compiled = damage.filter { $0.file.isBytecode && !expected.restorable.contains($0.file.path) }
        let restorable = damage.filter { expected.restorable.contains($0.file.path) }
        for lost in damage
        where !lost.file.isBytecode && !expected.restorable.contains(lost.file.path) {
            fail(lost.file.path, "\(lost.what); a link script made it, and the bundle does not have it")
        }
        if request.removesExtra {
            try removeExtra(report.unrecorded)
        } else {
            outcome.left = report.unrecorded
        }
        try restore(restorable)
        try closeDirectories(report)
        let files = try compile(compiled.map(\.file), restorable.map(\.file))
        try writeRecord(files)
        if request.synchronize { try directory.synchronizeFileSystem() }
    }

    private mutating func fail(_ path: RelativePath, _ what: String) {
        outcome.failed.append(.init(path: path.string, what: what))
    }

    private func damage(_ report: PrefixVerification) -> [Damage] {
        let missing = report.missing.map { ($0, "missing") }
        let words = Dictionary(
            missing + report.changed.map { ($0.path, $0.what) }, uniquingKeysWith: { first, _ in first })
        return expected.list.files.compactMap { file in
            words[file.path.string].map { Damage(file: file, what: $0) }
        }
    }

    private mutating func restore(_ damage: [Damage]) throws {
        guard !damage.isEmpty else { return }
        try sharers.look(for: damage.map(\.file.path), in: directory, root, besides: name.string)
        try parent.createDirectory(staging)
        let staged = try parent.directory(staging)
        try expected.reconstruction.write(
            Set(damage.map { RecordedState.original(of: $0.file.path) }), into: staged
        ) { _ in }
        if root != nil {
            try staged.removeWritePermissions { StateLinks.isAt($0, of: expected.reconstruction.plan) }
        }
        if request.synchronize { try staged.synchronizeFileSystem() }
        progress(.restoring(damage.count))
        for item in damage {
            try Interruption.check()
            do throws(Blocked) {
                try restore(item)
                outcome.restored.append(.init(path: item.file.path.string, what: item.what))
            } catch {
                fail(item.file.path, "\(item.what); \(error.reason)")
            }
            progress(.restored)
        }
        outcome.shared = try sharers.repair(from: directory, files: expected.list, outcome.failed.map(\.path))
    }

    /// Something stands in the way that was not to be touched.
    private struct Blocked: Error { let reason: String }

    private mutating func restore(_ damage: Damage) throws(Blocked) {
        let path = damage.file.path
        do {
            if let holder = path.parent { try makeWay(to: holder) }
            switch damage.file.content {
            case .directory: try makeDirectory(path)
            case .link(let target)
            where expected.reconstruction.plan.request.root != nil
                && StateLinks.target(of: path) == target:
                try clear(path)
                let link = try RelativePath(".airlift-link")
                let staged = try parent.directory(staging)
                try staged.remove(link)
                try staged.createSymbolicLink(link, to: target)
                try parent.replace(name.appending(path), with: staging.appending(link))
            case .bytes, .link:
                try clear(path)
                try parent.replace(
                    name.appending(path), with: staging.appending(RecordedState.original(of: path)))
            }
        } catch let error as Blocked {
            throw error
        } catch {
            throw Blocked(reason: "it could not be put in place: \(error)")
        }
    }

    /// Makes a directory of everything above a file. A link in the way leads somewhere that stays as it is.
    private mutating func makeWay(to path: RelativePath) throws {
        var partial: RelativePath?
        for component in path.components {
            let next = try partial?.appending(String(component)) ?? RelativePath(String(component))
            partial = next
            try makeDirectory(next)
        }
    }

    private mutating func makeDirectory(_ path: RelativePath) throws {
        let status = try directory.status(of: path)
        switch status?.kind {
        case .directory: return
        case .symbolicLink:
            let target = try directory.symbolicLinkTarget(path)
            try directory.remove(path)
            outcome.removed.append("\(path) -> \(target)")
        case .file, .other:
            guard request.removesExtra else {
                throw Blocked(reason: "'\(path)' is a file where a directory should be; give --remove-extra")
            }
            try directory.remove(path)
            outcome.removed.append(path.string)
        case nil: break
        }
        try directory.createDirectory(path)
    }

    /// A directory where a file belongs goes when nothing is in it, or when that may go.
    private mutating func clear(_ path: RelativePath) throws {
        guard try directory.status(of: path)?.kind == .directory else { return }
        do throws(FileError) { try directory.remove(path, directory: true) } catch {
            guard error.code == ENOTEMPTY || error.code == EEXIST else { throw error }
            guard request.removesExtra else {
                throw Blocked(
                    reason: "a directory with files that nobody recorded is in its place; give --remove-extra"
                )
            }
            try directory.removeTree(path)
            outcome.removed.append(path.string)
        }
    }

    private mutating func removeExtra(_ paths: [String]) throws {
        for text in paths {
            try Interruption.check()
            let path = try RelativePath(text)
            try directory.remove(path)
            outcome.removed.append(text)
            removeEmpty(above: path)
        }
    }

    private func removeEmpty(above path: RelativePath) {
        let needed = Set(expected.list.files.compactMap(\.path.parent?.string))
        var holder = path.parent
        while let current = holder, !needed.contains(current.string),
            (try? directory.remove(current, directory: true)) != nil
        {
            holder = current.parent
        }
    }

    /// Takes from everybody the permission to write into directories.
    private mutating func closeDirectories(_ report: PrefixVerification) throws {
        for change in report.changed {
            let opened: Directory
            if change.path == "." {
                opened = directory
            } else if let path = try? RelativePath(change.path),
                try directory.status(of: path)?.kind == .directory
            {
                opened = try directory.directory(path)
            } else {
                continue
            }
            let permissions = try opened.status().permissions
            guard permissions & 0o002 != 0 else { continue }
            guard fchmod(opened.descriptor, mode_t(permissions & ~0o1022)) == 0 else {
                throw FileError("set the permissions of", opened.path)
            }
            outcome.restored.append(change)
        }
    }
}
