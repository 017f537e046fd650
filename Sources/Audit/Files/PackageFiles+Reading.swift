import Archives
import Bundle
import Digests
import Failures
import Files
import Install
import Workers

extension PackageFiles {
    /// Reads all of one archive of a bundle, in memory that does not grow with it.
    /// - Throws: errors that name the archive: it is damaged where its SHA-256 is not the manifest's, and malformed
    ///   where no installer would take it.
    public static func read(_ archive: Manifest.Archive, from bundle: BundleReader) throws -> PackageFiles {
        try read(archive, from: bundle, workspace: InflateWorkspace())
    }

    /// As above for several archives at once.
    /// - Parameter progress: bytes of the archives since the last call, from several threads.
    /// - Returns: in the order of the archives.
    public static func read(
        _ archives: [Manifest.Archive], from bundle: BundleReader, jobs: Int = availableProcessors,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) throws -> [PackageFiles] {
        // The largest first, so that no thread is left alone with it at the end.
        let order = archives.indices.sorted { archives[$0].size > archives[$1].size }
        let results = try parallelMap(order, jobs: jobs, workspace: { InflateWorkspace() }) {
            workspace, index in
            let files = try Self.read(archives[index], from: bundle, workspace: workspace)
            progress(archives[index].size)
            return files
        }
        return zip(order, results).sorted { $0.0 < $1.0 }.map(\.1)
    }

    static func read(
        _ archive: Manifest.Archive, from bundle: BundleReader, workspace: InflateWorkspace
    ) throws -> PackageFiles {
        switch archive.kind {
        case .wheel: try wheel(archive, bundle, workspace)
        case .conda: try conda(archive, bundle)
        case .python: try interpreter(archive, bundle)
        }
    }

    /// The application's own files, which the bundle carries as they are.
    public static func application(of bundle: BundleReader) throws -> PackageFiles {
        let manifest = bundle.manifest
        var collected = Collected(manifest.python)
        for file in manifest.files where file.source.hasPrefix("archives/files/") {
            if let link = file.link {
                collected.add(link: link, at: file.path)
                continue
            }
            var probe = FileProbe(file.path)
            try bundle.region(of: file.source).forEachPiece { try probe.update($0) }
            let digest = collected.add(probe, at: file.path, mode: file.mode)
            try bundle.check(digest, against: file.sha256 ?? digest, file.source)
        }
        return collected.result
    }

    /// What was found of an archive so far.
    struct Collected {
        private(set) var files = PackageFiles()
        private let python: Manifest.Python

        init(_ python: Manifest.Python) { self.python = python }

        @discardableResult
        mutating func add(
            _ probe: consuming FileProbe, at path: String, mode: String, rewritten: Bool = false
        ) -> SHA256Digest {
            let size = probe.size
            let (digest, library) = probe.finish()
            add(
                File(path: path, mode: mode, size: size, sha256: digest, rewritten: rewritten ? true : nil),
                library)
            return digest
        }

        mutating func add(link: String, at path: String) {
            add(File(path: path, mode: "0777", link: link), nil)
        }

        mutating func add(_ file: File, _ library: NativeLibrary?) {
            files.files.append(file)
            if let hook = Hook(file.path, python: python) { files.hooks.append(hook) }
            if let library { files.libraries.append(library) }
        }

        mutating func add(entryPoints: [String]) { files.entryPoints += entryPoints }

        /// Sorted.
        var result: PackageFiles {
            PackageFiles(
                files: files.files, entryPoints: files.entryPoints, hooks: files.hooks,
                libraries: files.libraries)
        }
    }

    static func damaged(_ archive: Manifest.Archive, _ actual: SHA256Digest) -> ArchiveError {
        ArchiveError(
            archive.filename,
            "it is damaged: its SHA-256 should be \(archive.sha256) and is \(actual); copy the bundle again")
    }
}
