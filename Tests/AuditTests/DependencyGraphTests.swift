import Bundle
import Lock
import Testing

@testable import Audit

@Suite struct DependencyGraphTests {
    private func graph(
        _ packages: [PackageSet.Package], platform: String? = "linux-64", source: String = "archive"
    ) -> DependencyGraph {
        var facts: [Fact: String] = [.pythonVersion: "3.11.2", .pythonSource: source]
        facts[.platform] = platform
        return DependencyGraph(Example.set(packages, facts: facts))
    }

    private func wheel(_ name: String, _ depends: String..., requested: Bool = false) -> PackageSet.Package {
        var package = Example.wheel(name, "1.0", requested: requested)
        package.depends = depends
        return package
    }

    private func conda(_ name: String, _ depends: String..., requested: Bool = false) -> PackageSet.Package {
        var package = Example.conda(name, "1.0", "0")
        package.depends = depends
        package.requested = requested
        return package
    }

    /// `flask -> click idna`
    private func edges(_ graph: DependencyGraph) -> [String] {
        graph.nodes.compactMap { node in
            let needs = graph.dependencies(of: node).map(\.name)
            return needs.isEmpty ? nil : "\(node.name) -> \(needs.joined(separator: " "))"
        }
    }

    @Test func wheelsAreFoundByTheirNormalisedNames() {
        let graph = graph([
            wheel("Flask", "Zope.Interface>=2", "not-there", requested: true), wheel("zope_interface"),
        ])
        #expect(edges(graph) == ["Flask -> zope_interface"])
        #expect(graph.roots.map(\.name) == ["Flask"])
        #expect(graph.dependents(of: graph.nodes[1]).map(\.name) == ["Flask"])
        #expect(graph.nodes(named: "ZOPE-interface").map(\.name) == ["zope_interface"])
    }

    @Test(arguments: [
        (#"colorama; sys_platform == "win32""#, false), (#"colorama; sys_platform == "linux""#, true),
        (#"colorama; python_version < "3.10""#, false), (#"colorama; python_full_version >= "3.11.2""#, true),
        (#"colorama; platform_machine == "aarch64""#, false),
        (#"colorama; implementation_name == "cpython""#, true),
    ])
    func markersAreJudgedForTheTarget(_ requirement: String, _ holds: Bool) {
        // What is requested needs no explanation, so that nothing but the marker counts.
        let packages = [wheel("click", requirement, requested: true), wheel("colorama", requested: true)]
        #expect(edges(graph(packages)) == (holds ? ["click -> colorama"] : []))
        #expect(edges(graph(packages, platform: nil)) == ["click -> colorama"], "the target is not known")
    }

    @Test func extrasThatWheelsAskOfEachOtherCount() {
        let packages = [
            wheel("app", "web[tls]", requested: true),
            wheel(
                "web", #"web[crypto]; extra == "tls""#, #"aes; extra == "crypto""#, #"dns; extra == "dns""#),
            wheel("aes"), wheel("dns", requested: true),
        ]
        let graph = graph(packages)
        #expect(edges(graph) == ["app -> web", "web -> aes"])
        #expect(graph.extras.map { "\($0.key.name) \($0.value)" } == [#"web ["crypto", "tls"]"#])
    }

    @Test func anExtraOfTheSpecIsSeenFromWhatItBrought() {
        let web = wheel(
            "web", "core", #"brotli; extra == "speed""#, #"pytest; extra == "dev""#, #"aes; extra == "dev""#,
            requested: true)
        let with = graph([web, wheel("core"), wheel("brotli"), wheel("aes")])
        #expect(edges(with) == ["web -> brotli core"], "pytest is not there: nobody asked for [dev]")
        let without = graph([web, wheel("core")])
        #expect(edges(without) == ["web -> core"])
        #expect(without.extras.isEmpty)
    }

    @Test func condaPackagesAreFoundInMatchSpecs() {
        let graph = graph([
            conda(
                "NumPy", "python >=3.12,<3.13.0a0", "__glibc >=2.17", "forge::libblas[build=*mkl]", "absent"),
            conda("python", "pip"), conda("pip", "python"), conda("libblas", "numpy", requested: true),
        ])
        #expect(
            edges(graph) == ["NumPy -> libblas python", "libblas -> NumPy", "pip -> python", "python -> pip"])
    }

    @Test func aWheelMayNeedACondaPackage() {
        let mixed = [wheel("pandas", "NumPy>=2", requested: true), conda("numpy")]
        #expect(edges(graph(mixed)) == ["pandas -> numpy"])
        #expect(graph(mixed).dependencies(of: graph(mixed).roots[0]).map(\.kind) == [.conda])
        let both = graph(mixed + [wheel("numpy")])
        #expect(both.dependencies(of: both.roots[0]).map(\.kind) == [.wheel], "a wheel comes first")
    }

    @Test func whatWheelsStandOnIsNoDependencyOfTheirs() {
        let packages = [wheel("flask", requested: true), conda("python")]
        #expect(edges(graph(packages, source: "conda")) == [])
        #expect(graph(packages, source: "conda").interpreter?.name == "python")
        #expect(graph(packages, source: "host").interpreter == nil)
        let archive = PackageSet.Package(
            kind: .python, name: "cpython", version: "3.11.2", filename: "cpython.tar.zst",
            sha256: Example.digest("cpython"), requested: true)
        #expect(graph(packages + [archive], source: "archive").interpreter?.kind == .python)
    }

    @Test func waysAreTheShortestFromEachRoot() {
        let graph = graph([
            wheel("a", "b", "c", "d", requested: true), wheel("b", "e"), wheel("c", "e"), wheel("d", "f"),
            wheel("f", "e"), wheel("e", "a"), wheel("z", "a", requested: true), wheel("lone"),
        ])
        func ways(_ name: String, limit: Int = 100) -> [String] {
            graph.paths(to: graph.nodes(named: name)[0], limit: limit).map {
                $0.map(\.name).joined(separator: " ")
            }
        }
        #expect(ways("e") == ["a b e", "a c e"], "from z only a leads on, which was asked for")
        #expect(ways("e", limit: 1) == ["a b e"])
        #expect(ways("a") == ["a", "z a"])
        #expect(ways("lone") == [])
    }

    /// 2^60 ways lead through sixty rhombs.
    @Test func soManyWaysAsNobodyCountsAreNotCounted() {
        var packages = [wheel("end")]
        for level in 0..<60 {
            let next = level == 59 ? "end" : "top\(level + 1)"
            packages += [
                wheel("top\(level)", "left\(level)", "right\(level)", requested: level == 0),
                wheel("left\(level)", next), wheel("right\(level)", next),
            ]
        }
        let graph = graph(packages)
        let ways = graph.paths(to: graph.nodes(named: "end")[0], limit: 50)
        #expect(ways.count == 50)
        #expect(Set(ways).count == 50 && ways.allSatisfy { $0.count == 121 })
    }

    @Test func whatCannotBeReadIsNoTrap() {
        let odd = [
            "", ";", "[", "idna; nonsense ==", "\u{1B}[2K", "é", String(repeating: "(", count: 10_000),
            "idna" + String(repeating: "[", count: 10_000),
        ]
        var packages = [wheel("flask", requested: true), wheel("idna"), conda("lib", requested: true)]
        packages[0].depends = odd
        packages[2].depends = odd
        packages.append(packages[1])
        #expect(edges(graph(packages)) == ["flask -> idna"])
        #expect(graph([]).nodes.isEmpty)
    }

    @Test func aLockKnowsWhatIsNeededAsAManifestDoes() throws {
        func archive(_ kind: LockedArchive.Kind, _ name: String, _ needs: [String: String]) -> LockedArchive {
            LockedArchive(
                kind: kind, name: name, version: "1.0", location: "https://index.test/\(name)-1.0",
                sha256: Example.digest(name), requested: name == "flask", dependencies: needs)
        }
        let lock = Lockfile(
            platforms: [
                .init(
                    name: "linux-64", contentHash: Example.digest("spec"),
                    target: .init(
                        platform: "linux-64", python: "3.12.1", abi: "cp312",
                        glibc: .init(major: 2, minor: 28)), interpreter: .conda,
                    archives: [
                        archive(.wheel, "flask", ["click": ">=8,<9", "numpy": ""]),
                        archive(.wheel, "click", [:]),
                        archive(.conda, "numpy", ["python": ">=3.12 *_cpython"]),
                        archive(.conda, "python", [:]),
                    ])
            ], sources: ["bundle.toml"])
        let set = try AuditSubject.lock(lock, name: "l.yml").packageSet()
        #expect(set.packages.flatMap(\.depends) == ["python >=3.12 *_cpython", "click>=8,<9", "numpy"])
        let graph = DependencyGraph(set)
        #expect(edges(graph) == ["numpy -> python", "flask -> numpy click"])
        #expect(graph.interpreter?.kind == .conda)
    }
}
