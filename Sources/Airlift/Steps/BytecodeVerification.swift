import Archives
import Bundle
import Failures
import Files
import Install
import Workers

/// Compiles the sources of a bundle again, with the interpreter in it, and compares with the byte code it carries.
enum BytecodeVerification {
    /// - Returns: how many derived entries were compared.
    /// - Throws: `FailureList` naming every entry that is not what compiling gives.
    static func run(_ bundle: BundleReader, progress: @escaping @Sendable (InstallProgress) -> Void) throws
        -> Int
    {
        let manifest = bundle.manifest
        guard manifest.install.bytecode == .bundle else { return 0 }
        var wheels = try parallelMap(
            manifest.archives.filter { $0.kind == .wheel }, workspace: { InflateWorkspace() }
        ) { workspace, archive in
            try PackageContents.read(
                archive, in: bundle.region(of: archive.path), python: manifest.python, workspace: workspace)
        }
        var conda = try parallelMap(manifest.archives.filter { $0.kind == .conda }) { archive in
            try CondaContents.read(
                archive, in: bundle.region(of: archive.path), python: manifest.python,
                overrides: manifest.overrides)
        }
        _ = try InstallPlan.claim(
            wheels: &wheels, conda: &conda, files: manifest.files, python: manifest.python,
            overrides: manifest.overrides)
        let interpreter = manifest.archives.first { $0.kind == .python }
        let derivation =
            try interpreter.map { archive in
                BytecodeDerivation(
                    interpreter: archive, region: try bundle.region(of: archive.path),
                    files: manifest.files.filter { $0.source == archive.path }, python: manifest.python,
                    conda: conda)
            } ?? BytecodeDerivation(conda: conda, python: manifest.python)
        let packages = wheels
        let made = try Directory.withTemporary("compile") { scratch in
            try derivation.run(packages, includingInterpreter: true, scratch: scratch, progress: progress)
        }
        var problems: [BundleError] = []
        for archive in manifest.archives {
            let path = DerivedBytecode.path(for: archive)
            let carried = manifest.entry(path) == nil ? nil : try bundle.contents(of: path, limit: 1 << 30)
            if carried != made[archive.path] {
                problems.append(
                    BundleError(
                        bundle.path,
                        "the byte code in '\(path)' is not what '\(archive.filename)' compiles to"))
            }
        }
        guard problems.isEmpty else { throw FailureList(problems) }
        return made.count
    }
}
