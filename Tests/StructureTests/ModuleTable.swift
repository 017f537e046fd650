/// Which module may import which: the table of the design as data.
struct ModuleTable {
    /// Of our modules, what each may import of our modules and of the C modules.
    let allowed: [String: Set<String>]
    /// Packages of others, by the modules that may import them.
    let packages: [String: Set<String>]
    /// Modules of the toolchain and the C library, for all.
    let system: Set<String>
    /// What nothing that the installer reaches may import.
    let bannedBelowInstaller: Set<String>
    let installer: String

    static let airlift: ModuleTable = {
        let cModules: Set<String> = [
            "CArchive", "CBzip2", "CComponents", "CCurl", "CDeflate", "CLinux", "CNettle", "CScan", "CZlib",
            "CZstd",
        ]
        // Failures stands at the bottom: every module has an error type of its kinds.
        var allowed: [String: Set<String>] = [
            "Failures": [],
            "Digests": ["CNettle"],
            "Files": ["Digests", "CLinux"],
            "Workers": ["CLinux"],
            "Archives": ["Files", "Digests", "CArchive", "CBzip2", "CDeflate", "CZlib", "CZstd"],
            "Fetch": ["Files", "Digests", "Workers", "CCurl"],
            "Conda": ["Digests", "CScan"],
            "Wheels": ["Digests"],
            "Indexes": ["Fetch", "Archives", "Conda", "Wheels", "Digests", "Files", "Workers"],
            "Solver": [],
            "Lock": ["Conda", "Wheels", "Digests"],
            "Resolve": ["Lock", "Solver", "Conda", "Wheels", "Digests"],
            "ELF": [],
            "Interpreters": ["Archives", "Files", "Digests", "ELF", "Workers"],
            "Bundle": ["Archives", "Files", "Digests", "Workers"],
            "Trust": ["Digests", "CNettle"],
            "Install": [
                "Bundle", "Trust", "Archives", "Files", "Digests", "Conda", "Wheels", "ELF", "Workers",
                "CLinux",
            ],
            "Audit": [
                "Bundle", "Trust", "Lock", "Install", "Archives", "Files", "Conda", "Wheels", "ELF",
                "Digests",
                "Workers",
            ],
            "Console": ["Bundle", "Trust", "Files", "Digests", "Workers"],
            "AirliftInstaller": [
                "Install", "Bundle", "Trust", "Files", "Digests", "Workers", "Console", "CComponents",
            ],
        ]
        allowed["Airlift"] = Set(allowed.keys).subtracting(["AirliftInstaller"])
        for module in allowed.keys where module != "Failures" { allowed[module]?.insert("Failures") }
        for module in cModules { allowed[module] = [] }
        return ModuleTable(
            allowed: allowed,
            packages: [
                "ArgumentParser": ["Airlift", "AirliftInstaller", "Console"], "Yams": ["Lock"],
                "TOMLKit": ["Lock"],
            ],
            system: ["Glibc", "Synchronization", "FoundationEssentials", "Foundation"],
            bannedBelowInstaller: ["Fetch", "CCurl", "Lock", "Foundation", "FoundationNetworking"],
            installer: "AirliftInstaller")
    }()

    /// One source file of a module.
    struct Source {
        let module: String
        let path: String
        let text: String
    }

    /// Imports that the table does not allow, each in a sentence with its place.
    func forbiddenImports(in sources: [Source]) -> [String] {
        sources.flatMap { source -> [String] in
            guard let own = allowed[source.module] else {
                return ["\(source.path): the module \(source.module) is not in the table"]
            }
            return ImportScanner.imports(in: source.text).compactMap { line, imported in
                if own.contains(imported) || system.contains(imported) { return nil }
                if packages[imported]?.contains(source.module) == true { return nil }
                return "\(source.path):\(line): \(source.module) imports \(imported)"
            }
        }
    }

    /// What the installer reaches, through however many modules, and must not.
    func bannedImportsBelowInstaller(in sources: [Source]) -> [String] {
        let byModule = Dictionary(grouping: sources, by: \.module)
        var reached: Set<String> = []
        var waiting = [installer]
        var faults: [String] = []
        while let module = waiting.popLast() {
            guard reached.insert(module).inserted else { continue }
            for source in byModule[module] ?? [] {
                for (line, imported) in ImportScanner.imports(in: source.text) {
                    if bannedBelowInstaller.contains(imported) {
                        faults.append("\(source.path):\(line): the installer reaches \(imported)")
                    }
                    waiting.append(imported)
                }
            }
        }
        return faults.sorted()
    }

    /// Who imports a module, each importer once, sorted.
    static func importers(of module: String, in sources: [Source]) -> [String] {
        Set(
            sources.filter { source in
                ImportScanner.imports(in: source.text).contains { $0.module == module }
            }.map(\.module)
        ).sorted()
    }
}
