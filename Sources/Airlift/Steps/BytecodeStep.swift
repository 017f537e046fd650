import Archives
import Bundle
import Console
import Digests
import Fetch
import Install

/// Interpreter and wheels → byte code to carry, compiled once and kept in the store.
struct BytecodeStep {
    let interpreter: PreparedInterpreter
    let store: ArchiveStore
    let output: OutputOptions

    /// - Returns: the derived entries by their paths in the bundle.
    func run(_ packages: [PackageContents]) throws -> [String: [UInt8]] {
        guard let carried = interpreter.archive else { return [:] }
        var entries: [String: [UInt8]] = [:]
        func take(_ bytes: [UInt8], _ archive: Manifest.Archive) {
            if !bytes.isEmpty { entries[DerivedBytecode.path(for: archive)] = bytes }
        }
        var missing: [PackageContents] = []
        for contents in packages {
            if let kept = try store.document(.bytecode, of: subject(contents.archive)) {
                take(kept, contents.archive)
            } else {
                missing.append(contents)
            }
        }
        let base = try store.document(.bytecode, of: subject(carried.archive))
        if let base { take(base, carried.archive) }
        guard !missing.isEmpty || base == nil else { return entries }
        let made = try derive(missing, includingInterpreter: base == nil, carried)
        for archive in missing.map(\.archive) + (base == nil ? [carried.archive] : []) {
            let bytes = made[archive.path] ?? []
            try store.keep(bytes, as: .bytecode, of: subject(archive))
            take(bytes, archive)
        }
        return entries
    }

    /// What the compiled modules depend on: sources, interpreter and the way it is done.
    private func subject(_ archive: Manifest.Archive) -> SHA256Digest {
        SHA256.hash(
            "bytecode \(DerivedBytecode.version) \(archive.sha256) \(interpreter.archive?.archive.sha256.hex ?? "")"
        )
    }

    private func derive(
        _ packages: [PackageContents], includingInterpreter: Bool, _ carried: PreparedInterpreter.Carried
    ) throws -> [String: [UInt8]] {
        let bar = ProgressBar("Compiling", total: 1, unit: .items, hidden: output.quiet)
        defer { bar.finish() }
        return try Scratch.with("compile") { scratch in
            try BytecodeDerivation(
                interpreter: carried.archive,
                region: FileRegion(path: carried.path, name: carried.archive.filename),
                files: interpreter.files, python: interpreter.python
            ).run(
                packages, includingInterpreter: includingInterpreter, scratch: scratch, progress: bar.follow)
        }
    }
}

extension ProgressBar {
    /// Shows how far compiling is.
    @Sendable func follow(_ progress: InstallProgress) {
        switch progress {
        case .compiling(let count): restart("Compiling", total: UInt64(count), unit: .items)
        case .compiled: advance(1)
        case .unpacked, .synchronizing, .linkScript: break
        }
    }
}
