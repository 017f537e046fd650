import Archives
import Bundle
import Digests
import Files
import Workers

/// Compiles the Python sources of archives with the interpreter that the bundle carries, once and for every
/// host: the same archives and interpreter always give the same bytes.
public struct BytecodeDerivation: Sendable {
    public let interpreter: Manifest.Archive
    public let interpreterRegion: FileRegion
    public let interpreterFiles: [Manifest.File]
    public let python: Manifest.Python

    public init(
        interpreter: Manifest.Archive, region: FileRegion, files: [Manifest.File], python: Manifest.Python
    ) {
        self.interpreter = interpreter
        interpreterRegion = region
        interpreterFiles = files
        self.python = python
    }

    /// - Parameters:
    ///   - packages: the wheels to compile.
    ///   - includingInterpreter: whether the standard library is compiled as well.
    ///   - scratch: an empty directory, in which everything is unpacked.
    ///   - progress: the number of sources, then one call for each.
    /// - Returns: the derived entry of each archive that has compiled modules, by the archive's path.
    public func run(
        _ packages: [PackageContents], includingInterpreter: Bool, scratch: Directory,
        progress: @escaping @Sendable (InstallProgress) -> Void = { _ in }
    ) throws -> [String: [UInt8]] {
        let base = try InterpreterInstaller(
            region: interpreterRegion, sha256: interpreter.sha256, expected: interpreterFiles,
            tree: TreeWriter(scratch)
        ).install { _ in }
        let unpacked = try parallelMap(packages) { contents in
            try WheelInstaller(
                contents: contents, tree: TreeWriter(scratch), interpreter: "/bin/python",
                workspace: InflateWorkspace(), onlySources: true
            ).install { _ in }.files
        }
        var owners: [RelativePath: String] = [:]
        if includingInterpreter {
            for source in Self.sources(base, python) { owners[source] = interpreter.path }
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
