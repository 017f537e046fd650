import Conda
import Files
import Lock
import TestSupport
import Testing

@testable import Resolve

/// A real channel of 2024, where it is at hand.
@Suite("Pins of a real channel", .enabled(if: SharedData.directory("channels/forge") != nil))
struct ForgeClosureTests {
    private static func channel() throws -> [String: [PackageRecord]] {
        var records: [String: [PackageRecord]] = [:]
        for subdir in ["linux-64", "noarch"] {
            let path = try #require(SharedData.directory("channels/forge/\(subdir)"))
            let bytes = try Directory.open(path).contents(of: RelativePath("repodata.json"))
            try bytes.withUnsafeBytes { bytes in
                let repodata = try Repodata(bytes, name: subdir)
                for name in repodata.names {
                    records[name, default: []] += try repodata.records(named: name).map {
                        var record = $0
                        record.url = "https://mirror.example/forge/\(subdir)/\($0.filename)"
                        return record
                    }
                }
            }
        }
        return records
    }

    private static let wanted = [
        "python=3.10.13=0_cpython", "pydantic", "requests", "pyyaml", "cffi", "zstandard", "pip", "tqdm",
        "click",
        "ruamel.yaml", "jsonpatch", "brotli-python",
    ]

    /// First what matches the names, then what is said to be missing: two runs, as a person would make them.
    private func complete(_ channel: [String: [PackageRecord]], on target: CondaTarget) throws -> [String] {
        let named = suggested { try CondaSelection(requests(Self.wanted), from: channel, on: target) }
            .filter { pin in Self.wanted.contains { pin.hasPrefix($0 + "=") } }
        let first = [Self.wanted[0]] + named
        #expect(first.count == Self.wanted.count)
        return first
            + suggested { try CondaSelection(requests(first), from: channel, on: target) }
    }

    @Test("are complete with the lines that the errors suggest: 48 packages that are known to run")
    func closure() throws {
        let channel = try Self.channel()
        let target = condaTarget(python: "3.10.*", glibc: "2.36")
        let selection = try CondaSelection(requests(complete(channel, on: target)), from: channel, on: target)
        #expect(selection.packages.count == 48)
        let python = try #require(selection.python)
        #expect(python.abi == "cp310" && python.sitePackages == "lib/python3.10/site-packages")

        // Every dependency comes first; this set has no cycle.
        let places = Dictionary(
            uniqueKeysWithValues: selection.records.enumerated().map { ($0.element.name, $0.offset) })
        for (index, record) in selection.records.enumerated() {
            for name in record.dependencyNames {
                #expect(try #require(places[name]) < index, "\(record.name): \(name)")
            }
        }

        let archives = try selection.lockedArchives()
        let platform = Lockfile.Platform(
            name: "linux-64", contentHash: archives[0].sha256,
            target: python.target(platform: "linux-64", glibc: target.glibc), interpreter: .conda,
            archives: archives)
        let lock = Lockfile(platforms: [platform], channels: ["https://mirror.example/forge"], sources: ["s"])
        #expect(try Lockfile.read(Array(lock.text.utf8), file: "l") == lock)
    }

    @Test("do not run on a glibc that is too old for their Python")
    func glibc() throws {
        let channel = try Self.channel()
        let pins = try complete(channel, on: condaTarget(python: "3.10.*", glibc: "2.36"))
        let text = problems {
            try CondaSelection(requests(pins), from: channel, on: condaTarget(python: "*", glibc: "2.28"))
        }
        #expect(text.contains("it needs __glibc >=2.36,<3.0.a0 of the host, and the target has glibc 2.28"))
    }

    @Test("lack nothing less: each package left out is told")
    func leftOut() throws {
        let channel = try Self.channel()
        let target = condaTarget(python: "3.10.*", glibc: "2.36")
        let pins = try complete(channel, on: target)
        let needed = Set(
            try CondaSelection(requests(pins), from: channel, on: target).records
                .flatMap(\.dependencyNames))
        for (index, pin) in pins.enumerated() where needed.contains(String(pin.prefix { $0 != "=" })) {
            var fewer = pins
            fewer.remove(at: index)
            #expect(
                problems { try CondaSelection(requests(fewer), from: channel, on: target) } != "none",
                "\(pin)")
        }
    }
}
