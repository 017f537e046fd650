import Archives
import Bundle
import Console
import Digests
import Fetch
import Files
import Install

/// Interpreter and wheels → byte code to carry, compiled once and kept in the store.
struct BytecodeStep {
    let interpreter: PreparedInterpreter
    let store: ArchiveStore
    let output: OutputOptions

    /// - Parameters:
    ///   - packages: the wheels, claimed.
    ///   - conda: the conda packages, claimed.
    /// - Returns: the derived entries by their paths in the bundle.
    func run(_ packages: [PackageContents], conda: [CondaContents]) throws -> [String: [UInt8]] {
        let python = conda.first { $0.archive.name == "python" && interpreter.source == .conda }
        guard let compiler = interpreter.archive?.archive.sha256 ?? python?.archive.sha256 else { return [:] }
        var entries: [String: [UInt8]] = [:]
        func take(_ bytes: [UInt8], _ archive: Manifest.Archive) {
            if !bytes.isEmpty { entries[DerivedBytecode.path(for: archive)] = bytes }
        }
        var subjects: [(archive: Manifest.Archive, subject: SHA256Digest)] = packages.map {
            ($0.archive, Self.subject($0.archive, compiler))
        }
        subjects += conda.filter(BytecodeDerivation.compiles).map {
            ($0.archive, Self.subject($0, compiler))
        }
        if let base = interpreter.archive?.archive { subjects.append((base, Self.subject(base, compiler))) }
        var missing: [String: (Manifest.Archive, SHA256Digest)] = [:]
        for (archive, subject) in subjects {
            if let kept = try store.document(.bytecode, of: subject) {
                take(kept, archive)
            } else {
                missing[archive.path] = (archive, subject)
            }
        }
        guard !missing.isEmpty else { return entries }
        let made = try derive(
            packages.filter { missing[$0.archive.path] != nil }, conda, missing: Set(missing.keys))
        for (archive, subject) in missing.values {
            let bytes = made[archive.path] ?? []
            try store.keep(bytes, as: .bytecode, of: subject)
            take(bytes, archive)
        }
        return entries
    }

    /// What the compiled modules depend on: sources, interpreter and the way it is done.
    private static func subject(_ archive: Manifest.Archive, _ compiler: SHA256Digest) -> SHA256Digest {
        SHA256.hash("bytecode \(DerivedBytecode.version) \(archive.sha256) \(compiler)")
    }

    /// In another environment other files of the package may be the ones that are installed.
    private static func subject(_ contents: CondaContents, _ compiler: SHA256Digest) -> SHA256Digest {
        let written = contents.members.filter { $0.role == .file }.map(\.path.string).sorted()
        return SHA256.hash(
            "\(subject(contents.archive, compiler)) \(SHA256.hash(written.joined(separator: "\n")))")
    }

    private func derive(
        _ packages: [PackageContents], _ conda: [CondaContents], missing: Set<String>
    ) throws -> [String: [UInt8]] {
        let bar = ProgressBar("Compiling", total: 1, unit: .items, hidden: output.quiet)
        defer { bar.finish() }
        let derivation =
            try interpreter.archive.map { carried in
                BytecodeDerivation(
                    interpreter: carried.archive,
                    region: try FileRegion(path: carried.path, name: carried.archive.filename),
                    files: interpreter.files, python: interpreter.python, conda: conda)
            } ?? BytecodeDerivation(conda: conda, python: interpreter.python)
        return try Directory.withTemporary("compile") { scratch in
            try derivation.run(
                packages, conda: missing,
                includingInterpreter: interpreter.archive.map { missing.contains($0.archive.path) } ?? false,
                scratch: scratch, progress: bar.follow)
        }
    }
}

extension ProgressBar {
    /// Shows how far compiling is.
    @Sendable func follow(_ progress: InstallProgress) {
        switch progress {
        case .compiling(let count): restart("Compiling", total: UInt64(count), unit: .items)
        case .compiled: advance(1)
        case .unpacked, .synchronizing, .linkScript, .hook: break
        }
    }
}
