import Archives
import Bundle
import Digests
import Files
import Workers

/// Compiles the Python sources of archives with the interpreter that the bundle carries, once and for every
/// host: the same archives and interpreter always give the same bytes.
public struct BytecodeDerivation: Sendable {
    private struct Carried: Sendable {
        let archive: Manifest.Archive
        let region: FileRegion
        let files: [Manifest.File]
    }

    private let interpreter: Carried?
    private let conda: [CondaContents]
    public let python: Manifest.Python

    /// With an interpreter that is an archive of its own.
    /// - Parameter conda: the conda packages beside it, claimed.
    public init(
        interpreter: Manifest.Archive, region: FileRegion, files: [Manifest.File], python: Manifest.Python,
        conda: [CondaContents] = []
    ) {
        self.interpreter = Carried(archive: interpreter, region: region, files: files)
        self.conda = conda
        self.python = python
    }

    /// With conda's Python.
    /// - Parameter conda: every conda package of the environment, claimed: they all take part in running Python.
    public init(conda: [CondaContents], python: Manifest.Python) {
        interpreter = nil
        self.conda = conda
        self.python = python
    }

    /// Whether compiling gives an archive anything to carry. Sources into which the prefix goes are left to the target.
    public static func compiles(_ package: CondaContents) -> Bool {
        !InstallPlan.prefixlessSources(package).isEmpty
    }

    /// The prefix that goes into files while they serve for compiling: of no host, so that nothing depends on one.
    private static let prefix = "/airlift"

    /// - Parameters:
    ///   - packages: the wheels to compile.
    ///   - wanted: the paths in the bundle of conda packages to compile; nil for all.
    ///   - includingInterpreter: whether the standard library is compiled as well; conda's brings its byte code.
    ///   - scratch: an empty directory, in which everything is unpacked.
    ///   - progress: the number of sources, then one call for each.
    /// - Returns: the derived entry of each archive that has compiled modules, by the archive's path.
    public func run(
        _ packages: [PackageContents], conda wanted: Set<String>? = nil, includingInterpreter: Bool,
        scratch: Directory,
        progress: @escaping @Sendable (InstallProgress) -> Void = { _ in }
    ) throws -> [String: [UInt8]] {
        let base =
            try interpreter.map { carried in
                try InterpreterInstaller(
                    region: carried.region, sha256: carried.archive.sha256, expected: carried.files,
                    tree: TreeWriter(scratch)
                ).install { _ in }
            } ?? []
        try parallelForEach(conda) { contents in
            _ = try CondaInstaller(
                contents: contents, tree: TreeWriter(scratch), prefix: Self.prefix,
                interpreter: Self.prefix + "/bin/python"
            ).install { _ in }
        }
        let unpacked = try parallelMap(packages) { contents in
            try WheelInstaller(
                contents: contents, tree: TreeWriter(scratch), interpreter: "/bin/python",
                workspace: InflateWorkspace(), onlySources: true
            ).install { _ in }.files
        }
        var owners: [RelativePath: String] = [:]
        if includingInterpreter, let interpreter {
            for source in Self.sources(base, python) { owners[source] = interpreter.archive.path }
        }
        for contents in conda where wanted?.contains(contents.archive.path) ?? true {
            let written = Set(contents.members.lazy.filter { $0.role == .file }.map(\.path))
            for source in InstallPlan.prefixlessSources(contents).intersection(written) {
                owners[source] = contents.archive.path
            }
        }
        for (contents, files) in zip(packages, unpacked) {
            for source in Self.sources(files, python) { owners[source] = contents.archive.path }
        }
        progress(.compiling(owners.count))
        let compiled = try BytecodeCompiler(
            interpreter: "\(scratch.path)/\(python.executable ?? "")", cacheTag: python.cacheTag,
            staging: scratch,
            jobs: availableProcessors, reproducible: true
        ).compile(owners.keys.sorted()) { progress(.compiled) }
        let groups = Dictionary(grouping: compiled.map(\.path)) { path in
            DerivedBytecode.source(of: path, cacheTag: python.cacheTag).flatMap { owners[$0] } ?? ""
        }
        let packed = try parallelMap(groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) {
            archive, paths in
            (archive, try Self.pack(paths.sorted(), scratch, name: archive))
        }
        return Dictionary(uniqueKeysWithValues: packed)
    }

    /// Python sources in the places from which modules are imported.
    static func sources(_ files: [InstalledFile], _ python: Manifest.Python) -> [RelativePath] {
        let places = [
            python.sitePackages + "/",
            python.executable.map { _ in "base/lib/python\(python.minorVersion)/" },
        ].compactMap { $0 }
        return files.map(\.path).filter { path in
            path.string.hasSuffix(".py") && places.contains { path.string.hasPrefix($0) }
        }
    }

    /// Members carry the time of their source, which stands in the module's own header (PEP 552), so that the entry
    /// does not depend on the clock.
    private static func pack(_ paths: [RelativePath], _ scratch: Directory, name: String) throws -> [UInt8] {
        let temporary = try RelativePath("derived-\(SHA256.hash(name).hex).tar.zst")
        let file = try scratch.createFile(temporary, permissions: 0o644)
        _ = try TarWriter.write(to: file, level: 9) { writer in
            for path in paths {
                let bytes = try scratch.contents(of: path)
                let time = bytes.dropFirst(8).prefix(4).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
                try writer.add(file: path, permissions: 0o644, modificationTime: time, bytes: bytes)
            }
        }
        try file.close()
        return try scratch.contents(of: temporary, limit: 1 << 30)
    }
}
