import Conda
import Digests
import Failures
import Files
import Lock
import TestSupport
import Testing

@testable import Resolve

/// Real locks of other tools, where they are at hand.
@Suite("Real foreign locks", .enabled(if: SharedData.directory("locks/rattler") != nil))
struct ForeignLocksTests {
    /// The conda packages of each environment of each lock that can be read.
    private func environments(of platform: String) throws -> [String: [LockedRecord]] {
        var found: [String: [LockedRecord]] = [:]
        for folder in ["pixi-pack", "rattler", "conda-lock"] {
            guard let path = SharedData.directory("locks/\(folder)") else { continue }
            let directory = try Directory.open(path)
            for name in try directory.names() {
                guard let bytes = try? directory.contents(of: RelativePath(name)),
                    let lock = try? ForeignLock.read(bytes, file: name)
                else { continue }
                for environment in lock.environments.map(\.name) {
                    let packages = try? lock.packages(platform: platform, environment: environment)
                    let records = (packages ?? []).compactMap { LockedRecord($0, file: name) }
                    if records.count > 5 { found["\(name) \(environment)"] = records }
                }
            }
        }
        return found
    }

    private func target(_ platform: String, _ records: [LockedRecord]) -> CondaTarget {
        let hasPython = records.contains { $0.record.name == "python" }
        return condaTarget(platform, python: hasPython ? "*" : nil)
    }

    @Test("are complete as they stand", arguments: ["linux-64", "osx-arm64", "win-64"])
    func complete(platform: String) throws {
        let environments = try environments(of: platform)
        #expect(environments.count > 3)
        for (name, records) in environments {
            let text = problems { try CondaSelection([], locked: records, on: target(platform, records)) }
            #expect(text == "none", "\(name)")
        }
    }

    @Test("are refused with a package left out that another needs")
    func incomplete() throws {
        for (name, records) in try environments(of: "linux-64") {
            let whole = try CondaSelection([], locked: records, on: target("linux-64", records))
            let needed = Set(whole.records.flatMap(\.dependencyNames))
            let victim = try #require(records.first { needed.contains($0.record.name) }, "\(name)")
            let rest = records.filter { $0.record.name != victim.record.name }
            let text = problems { try CondaSelection([], locked: rest, on: target("linux-64", records)) }
            #expect(text.contains("it needs \(victim.record.name)"), "\(name)")
        }
    }
}

@Suite("What a spec takes from a foreign lock")
struct ForeignInputsTests {
    private static let list = """
        # platform: linux-64
        @EXPLICIT
        https://mirror.example/forge/linux-64/zlib-1.2.13-hd590300_5.conda#68c34ec6149623be41a1933ab996a209
        ./local/noarch/tool-1.0-py_3.tar.bz2
        """

    @Test("is a record of each conda package, with paths as seen from the spec")
    func records() throws {
        let text = "name = 'a'\nplatforms = ['linux-64']\n[lock]\nfrom = '../locks/explicit.txt'"
        let spec = try EnvironmentSpec.read(Array(text.utf8), file: "bundle.toml")
        let inputs = try LockInputs.gather(spec, specFile: "bundle.toml") { _ in Array(Self.list.utf8) }
        let foreign = try #require(inputs.foreign)
        let records = try foreign.packages(platform: "linux-64")
            .compactMap { LockedRecord($0, file: foreign.path) }
        #expect(records.map(\.record.distribution) == ["zlib-1.2.13-hd590300_5", "tool-1.0-py_3"])
        #expect(records.map(\.record.buildNumber) == [5, 3])
        #expect(records.map(\.record.subdir) == ["linux-64", "noarch"])
        #expect(records[1].record.url == "../locks/local/noarch/tool-1.0-py_3.tar.bz2")
        #expect(records[0].record.md5 == "68c34ec6149623be41a1933ab996a209")
        #expect(records.map(\.place) == [3, 4].map { Place(file: "../locks/explicit.txt", line: $0) })
    }
}
