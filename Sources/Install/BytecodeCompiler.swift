import Digests
import Files
import Glibc
import Synchronization
import Workers

/// Compiles Python sources in a staging directory with the environment's own interpreter, on all cores.
///
/// Compiled modules carry the time and size of their source (PEP 552, timestamp-based) and names relative to
/// the prefix, so that one fits every prefix. A source that does not compile is not an error: packages carry
/// templates and code for other versions. A compiled module that came with its package is kept.
struct BytecodeCompiler: Sendable {
    /// The base interpreter's executable, never one of a virtual environment, which would fall back to the
    /// host's Python while its home is not in place yet.
    let interpreter: String
    /// Such as `cpython-311`.
    let cacheTag: String
    let staging: Directory
    let jobs: Int
    /// Make the same bytes on any machine, for byte code that is carried in a bundle.
    var reproducible = false

    /// - Parameters:
    ///   - sources: relative to the staging directory.
    ///   - progress: called once for each source, from several threads.
    /// - Returns: the compiled modules that were written.
    func compile(
        _ sources: [RelativePath], progress: @escaping @Sendable () -> Void = {}
    ) throws -> [InstalledFile] {
        if sources.isEmpty { return [] }
        let queue = Mutex(sources[...])
        let results = try parallelMap(Array(0..<max(1, min(jobs, sources.count / 8))), jobs: jobs) { _ in
            try work(progress) { queue.withLock { $0.popFirst() } }
        }
        return results.flatMap { $0 }
    }

    /// One interpreter is fed until the queue is empty, with a second source always waiting in its pipe.
    private func work(
        _ progress: () -> Void, _ next: () -> RelativePath?
    ) throws -> [InstalledFile] {
        // A fixed hash seed reaches Python through its environment only, which `-I` shuts out; this process's own
        // environment is not handed on anyway.
        let process = try ChildProcess(
            interpreter,
            (reproducible ? ["-s", "-S"] : ["-I", "-S"]) + [
                "-B", "-W", "ignore", "-c",
                (reproducible ? PythonPrograms.normalized : PythonPrograms.asItIs) + PythonPrograms.compile,
            ], environment: reproducible ? ["PYTHONHASHSEED": "0"] : [:], directory: staging.path)
        var written: [InstalledFile] = []
        var waiting: [RelativePath] = []
        func send() {
            while waiting.count < 2, let source = next() {
                // A newline in a name would be two names to the other side.
                guard !source.string.utf8.contains(0x0a) else { continue }
                waiting.append(source)
                _ = process.send(source.string + "\n")
            }
        }
        send()
        while !waiting.isEmpty {
            try Interruption.check()
            let source = waiting[0]
            guard let answer = process.readLine() else {
                throw InstallError(
                    .hostRequirements,
                    "the interpreter '\(interpreter)' ended (\(process.wait())) while it compiled '\(source)'; install with --no-compile to go without"
                )
            }
            waiting.removeFirst()
            send()
            if answer == "k" { written.append(try record(compiledPath(of: source))) }
            if answer.hasPrefix("e") {
                throw FileError(
                    "write the compiled module of", staging.path + "/" + source.string,
                    code: Int32(answer.dropFirst()) ?? EIO)
            }
            progress()
        }
        _ = process.wait()
        return written
    }

    private func compiledPath(of source: RelativePath) throws -> RelativePath {
        try Self.compiledPath(of: source, cacheTag: cacheTag)
    }

    /// `a/__pycache__/b.cpython-311.pyc` of `a/b.py`.
    static func compiledPath(of source: RelativePath, cacheTag: String) throws -> RelativePath {
        // Python takes '.py' for a name without an ending.
        let stem = source.last == ".py" ? "py" : source.last.dropLast(3)
        let name = "__pycache__/\(stem).\(cacheTag).pyc"
        return try source.parent?.appending(name) ?? RelativePath(name)
    }

    private func record(_ path: RelativePath) throws -> InstalledFile {
        let bytes = try staging.contents(of: path)
        return InstalledFile(
            path: path, content: .bytes(size: UInt64(bytes.count), sha256: SHA256.hash(bytes)),
            permissions: 0o644,
            isBytecode: true)
    }
}
