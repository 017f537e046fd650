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
        let site = "\(staging.path)/\(plan.bundle.manifest.python.sitePackages)"
        let process = try ChildProcess(
            plan.baseInterpreter(staging), ["-I", "-S", "-B", "-c", Self.program, site] + modules)
        process.closeInput()
        let failures = process.readAll().split(separator: "\n").filter {
            $0.split(separator: "\t").count >= 2
        }
        let end = process.wait()
        guard failures.isEmpty, end == .exited(0) else {
            let words = failures.map { $0.split(separator: "\t").joined(separator: ": ") }.joined(
                separator: "; ")
            throw InstallError(
                .hostRequirements,
                "importing the environment's modules failed, so it was not put in place: \(words.isEmpty ? "\(end)" : words)"
            )
        }
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
