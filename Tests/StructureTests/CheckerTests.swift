import Testing

/// The checks themselves, on small made-up sources: each must be able to fail, and to pass.
@Suite struct CheckerTests {
    private func source(_ module: String, _ text: String) -> ModuleTable.Source {
        .init(module: module, path: "Sources/\(module)/Some.swift", text: text)
    }

    private let table = ModuleTable(
        allowed: ["Top": ["Middle"], "Middle": ["Bottom"], "Bottom": [], "Wire": []],
        packages: ["Parser": ["Top"]], system: ["Glibc"], bannedBelowInstaller: ["Wire", "Foundation"],
        installer: "Top")

    @Test(arguments: [
        ("import Files", "Files"), ("  @testable import Files", "Files"),
        ("public import struct Files.Directory", "Files"), ("@_exported import Files", "Files"),
        ("import Files // of ours", "Files"), ("import func Glibc.open", "Glibc"),
        ("@preconcurrency import Files; import Glibc", "Files"),
    ])
    func importsAreFoundInEverySpelling(_ line: String, _ module: String) {
        let found = ImportScanner.imports(in: "/// Words.\n\(line)\n")
        #expect(found.map(\.module) == [module])
        #expect(found.map(\.line) == [2])
    }

    @Test func whatOnlyLooksLikeAnImportIsNone() {
        let text = #"""
            // import Files
            let importer = "import Files"
            let program = """
                import Files
                """
            important(Files)
            """#
        #expect(ImportScanner.imports(in: text).isEmpty)
        #expect(ImportScanner.imports(in: text + "\nimport Files").map(\.module) == ["Files"])
    }

    @Test func anImportOutsideTheTableIsAFault() {
        #expect(
            table.forbiddenImports(in: [source("Bottom", "import Glibc\nimport Middle\n")])
                == ["Sources/Bottom/Some.swift:2: Bottom imports Middle"])
        #expect(table.forbiddenImports(in: [source("Middle", "import Bottom\n")]).isEmpty)
    }

    @Test func aModuleThatTheTableDoesNotKnowIsAFault() {
        #expect(
            table.forbiddenImports(in: [source("Extra", "")])
                == ["Sources/Extra/Some.swift: the module Extra is not in the table"])
    }

    @Test func packagesOfOthersBelongToTheModulesThatAskedForThem() {
        #expect(table.forbiddenImports(in: [source("Top", "import Parser")]).isEmpty)
        #expect(table.forbiddenImports(in: [source("Middle", "import Parser")]).count == 1)
    }

    @Test func theInstallersReachIsFollowedThroughOtherModules() {
        let chain = [source("Top", "import Middle"), source("Middle", "import Bottom")]
        #expect(
            table.bannedImportsBelowInstaller(in: chain + [source("Bottom", "import Wire")])
                == ["Sources/Bottom/Some.swift:1: the installer reaches Wire"])
        #expect(
            table.bannedImportsBelowInstaller(in: chain + [source("Bottom", "\nimport Foundation")])
                == ["Sources/Bottom/Some.swift:2: the installer reaches Foundation"])
        #expect(table.bannedImportsBelowInstaller(in: chain + [source("Bottom", "import Glibc")]).isEmpty)
        #expect(
            table.bannedImportsBelowInstaller(in: chain + [source("Aside", "import Wire")]).isEmpty,
            "the installer does not reach Aside")
    }

    @Test func importersOfAModuleAreFound() {
        let sources = [source("Top", "import CCurl"), source("Middle", "import Bottom")]
        #expect(ModuleTable.importers(of: "CCurl", in: sources) == ["Top"])
    }

    private let forbidden = ForbiddenText(hosts: ["registry.test"], machinePaths: ["/builder/"])

    @Test(arguments: ["https://registry.test/simple", "cdn.registry.test", "registry.test"])
    func registryHostsAreFound(_ text: String) {
        let found = forbidden.registryHosts(in: Array("one\n\(text)\n".utf8), path: "a")
        #expect(found == [.init(path: "a", line: 2, what: "'registry.test'")])
    }

    @Test(arguments: ["registry.testing", "myregistry.test", "registry-test", "prefix.device", ""])
    func wordsThatHoldAHostNameAreNot(_ text: String) {
        #expect(forbidden.registryHosts(in: Array(text.utf8), path: "a").isEmpty)
        #expect(ForbiddenText.airlift.registryHosts(in: Array(text.utf8), path: "a").isEmpty)
    }

    @Test(arguments: ["/builder/x", "\"/builder/x\"", "file:///builder/x", "cd /builder/", "-I=/builder/x"])
    func machinePathsAreFound(_ text: String) {
        #expect(forbidden.machinePaths(in: Array(text.utf8), path: "a").count == 1)
    }

    @Test(arguments: ["src/builder/x", "../builder/x", "\\(prefix)/builder/x", "/builders/x"])
    func otherPathsAreNot(_ text: String) {
        #expect(forbidden.machinePaths(in: Array(text.utf8), path: "a").isEmpty)
    }
}
