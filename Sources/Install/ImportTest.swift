import Files
import Workers

/// Imports every top-level module of a staged environment with its base interpreter (`-t`).
struct ImportTest {
    let plan: InstallPlan
    let staging: Directory

    private static let program = """
        import importlib, sys, site, traceback
        site.addsitedir(sys.argv[1])
        for name in sys.argv[2:]:
            try:
                importlib.import_module(name)
            except BaseException as error:
                print(name, type(error).__name__, str(error).split('\\n')[0], sep='\\t')
        """

    /// - Throws: `InstallError` that names every module that cannot be imported, with the reason.
    func run(_ files: [InstalledFile]) throws {
        let modules = topLevelModules(files)
        guard !modules.isEmpty else { return }
        var (failures, end) = try failures(of: modules)
        // Some modules do not bear the company of others in one process: setuptools that of pip.
        if end == .exited(0), modules.count > 1 {
            failures = try failures.flatMap { failure -> [Failed] in
                let alone = try self.failures(of: [failure.name])
                return alone.end == .exited(0)
                    ? alone.failures : [Failed(name: failure.name, reason: "\(alone.end)")]
            }
        }
        guard failures.isEmpty, end == .exited(0) else {
            let words = failures.map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
            throw InstallError(
                .hostRequirements,
                "importing the environment's modules failed, so it was not put in place: \(words.isEmpty ? "\(end)" : words)"
            )
        }
    }

    private struct Failed {
        let name: String
        let reason: String
    }

    /// Imports modules in one process.
    private func failures(of modules: [String]) throws -> (failures: [Failed], end: ChildProcess.Termination)
    {
        let site = "\(staging.path)/\(plan.bundle.manifest.python.sitePackages)"
        let process = try ChildProcess(
            plan.baseInterpreter(staging), ["-I", "-S", "-B", "-c", Self.program, site] + modules)
        process.closeInput()
        let wanted = Set(modules)
        let failures = process.readAll().split(separator: "\n").compactMap { line -> Failed? in
            // Modules may print as well.
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, wanted.contains(String(parts[0])) else { return nil }
            return Failed(name: String(parts[0]), reason: "\(parts[1]): \(parts[2])")
        }
        return (failures, process.wait())
    }

    /// Packages with an `__init__`, and modules, that are importable names and not private.
    private func topLevelModules(_ files: [InstalledFile]) -> [String] {
        let site = plan.bundle.manifest.python.sitePackages + "/"
        var names: Set<String> = []
        for file in files where file.path.string.hasPrefix(site) && !file.isBytecode {
            let parts = file.path.string.dropFirst(site.count).split(separator: "/")
            let last = parts.last ?? ""
            let stem = last.split(separator: ".").first.map(String.init) ?? ""
            let isModule = last.hasSuffix(".py") || last.hasSuffix(".so")
            guard isModule else { continue }
            if parts.count == 1 { names.insert(stem) }
            if parts.count == 2, last == "__init__.py" { names.insert(String(parts[0])) }
        }
        return names.filter { name in
            !name.hasPrefix("_")
                && name.utf8.allSatisfy {
                    $0 == 0x5f || $0 >= 0x80 || ($0 >= 0x30 && $0 <= 0x39)
                        || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a)
                } && name != "sitecustomize" && name != "usercustomize"
        }.sorted()
    }
}
