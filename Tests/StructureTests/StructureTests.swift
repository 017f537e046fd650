import Testing

/// Holds the repository against the rules of its design.
@Suite struct StructureTests {
    let table = ModuleTable.airlift

    @Test func noModuleImportsWhatTheTableDoesNotAllow() throws {
        let sources = try Repository.open().sources()
        #expect(sources.count > 50, "the sources were found")
        #expect(table.forbiddenImports(in: sources) == [])
    }

    @Test func theInstallerCannotReachTheNetwork() throws {
        let sources = try Repository.open().sources()
        #expect(sources.contains { $0.module == table.installer })
        #expect(table.bannedImportsBelowInstaller(in: sources) == [])
    }

    @Test func cLibrariesHaveOneImporterEach() throws {
        let sources = try Repository.open().sources()
        #expect(Set(ModuleTable.importers(of: "CCurl", in: sources)).isSubset(of: ["Fetch"]))
        #expect(Set(ModuleTable.importers(of: "CArchive", in: sources)).isSubset(of: ["Archives"]))
        #expect(ModuleTable.importers(of: "CDeflate", in: sources) == ["Archives"])
    }

    @Test func registryHostsStandInOneConstantAtMost() throws {
        let found = try Repository.open().textFiles().flatMap {
            ForbiddenText.airlift.registryHosts(in: $0.bytes, path: $0.path)
        }
        let constants = found.filter { $0.path.hasPrefix("Sources/Indexes/") }
        #expect(found.filter { !$0.path.hasPrefix("Sources/Indexes/") } == [])
        #expect(constants.count <= 1, "\(constants)")
    }

    @Test func noFileNamesAPathOfOneMachine() throws {
        let files = try Repository.open().textFiles()
        #expect(files.contains { $0.path == "Package.swift" })
        #expect(files.flatMap { ForbiddenText.airlift.machinePaths(in: $0.bytes, path: $0.path) } == [])
    }
}
