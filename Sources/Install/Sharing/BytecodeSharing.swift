import Files
import Workers

/// Takes compiled modules from releases with the same interpreter, for sources that are the same there: equal bytes,
/// and the same time, which a module names.
struct BytecodeSharing {
    /// With the same interpreter.
    let donors: [Donor]
    /// Such as `cpython-311`.
    let cacheTag: String
    let jobs: Int
    /// Paths of everything that was unpacked: a module that came with its package is kept.
    let taken: Set<RelativePath>

    struct Result: Sendable {
        var placed: [InstalledFile] = []
        /// Sources that are to be compiled.
        var rest: [InstalledFile] = []
        var tally = SharingTally()
    }

    /// - Parameter sources: as they were written.
    func place(_ sources: [InstalledFile], _ placer: @escaping @Sendable () -> FilePlacer) throws -> Result {
        guard !donors.isEmpty, !sources.isEmpty else { return Result(rest: sources) }
        let size = max(64, sources.count / (jobs * 4))
        let pieces = stride(from: 0, to: sources.count, by: size).map {
            Array(sources[$0..<min($0 + size, sources.count)])
        }
        let results = try parallelMap(pieces, jobs: jobs, workspace: placer) { placer, piece in
            var result = Result()
            for source in piece {
                if let module = try place(source, placer) {
                    result.placed.append(module)
                } else {
                    result.rest.append(source)
                }
            }
            result.tally = placer.takeTally()
            return result
        }
        return results.reduce(into: Result()) { sum, result in
            sum.placed += result.placed
            sum.rest += result.rest
            sum.tally.add(result.tally)
        }
    }

    private func place(_ source: InstalledFile, _ placer: FilePlacer) throws -> InstalledFile? {
        guard let time = source.origin?.modificationTime else { return nil }
        let path = try BytecodeCompiler.compiledPath(of: source.path, cacheTag: cacheTag)
        guard !taken.contains(path) else { return nil }
        for donor in donors {
            guard let theirs = donor.files[source.path]?.installed, theirs.content == source.content,
                theirs.origin?.modificationTime == time, let module = donor.files[path],
                module.installed.isBytecode, try placer.place(path, module, of: donor)
            else { continue }
            return module.installed.with(path: path)
        }
        return nil
    }
}
