import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Lock

/// What another reader finds in a lock: address and SHA-256 of each package by environment and platform.
private typealias Found = [String: [String]]

/// Runs a program over all locks at once; nil in place of those that it refuses.
///
/// For each it prints its number, then `number<TAB>place<TAB>address<TAB>sha256` lines if it can read it.
private func ask(_ variable: String, _ program: String, _ locks: [[UInt8]]) throws -> [Found?] {
    let directory = TemporaryDirectory()
    let paths = try locks.enumerated().map { try directory.write("lock-\($0).yml", $1) }
    let script = try directory.write("ask.py", program)
    let python = String(cString: getenv(variable))
    let status = system(
        "'\(python)' '\(script)' '\(paths.joined(separator: "' '"))' > '\(directory.path)/answer' 2>/dev/null"
    )
    #expect(status == 0)
    let answer = try directory.directory().contents(of: RelativePath("answer"))
    var found: [Found?] = Array(repeating: nil, count: locks.count)
    for line in String(decoding: answer, as: UTF8.self).split(separator: "\n") {
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
        let number = try #require(Int(parts[0]))
        if parts.count == 1 {
            found[number] = [:]
        } else {
            found[number]?[String(parts[1]), default: []].append("\(parts[2]) \(parts[3])")
        }
    }
    return found.map { $0?.mapValues { $0.sorted() } }
}

private func listed(_ packages: [ForeignLock.Package]) -> [String] {
    packages.map { "\($0.location) \($0.sha256?.hex ?? "")" }.sorted()
}

/// All real locks at hand.
private func realLocks() throws -> [(name: String, bytes: [UInt8])] {
    guard let folder = Foreign.locks else { return [] }
    return try ["conda-lock", "pixi-pack", "rattler"].flatMap { directory in
        try Directory.open("\(folder)/\(directory)").names().filter { !$0.hasPrefix("conda-meta-") }
            .compactMap { name in
                try Foreign.bytes("\(folder)/\(directory)", name).map { ("\(directory)/\(name)", $0) }
            }
    }
}

/// Runs only where `AIRLIFT_RATTLER_PYTHON` names a Python that has py-rattler installed.
@Suite("py-rattler's reader of pixi.lock", .enabled(if: getenv("AIRLIFT_RATTLER_PYTHON") != nil))
struct RattlerOracleTests {
    private static let program = """
        import sys
        from rattler.lock import LockFile
        for number, path in enumerate(sys.argv[1:]):
            try:
                lock = LockFile.from_path(path)
            except Exception:
                continue
            print(number)
            for name, environment in lock.environments():
                for platform, packages in environment.packages_by_platform().items():
                    for package in packages:
                        source = "Source" in type(package).__name__
                        try:
                            digest = package.hashes.sha256
                        except AttributeError:
                            digest = None
                        address = "source" if source else package.location
                        print(f"{number}\\t{name}/{platform.name}\\t{address}\\t{digest.hex() if digest else ''}")
        """

    /// - Returns: how many lists of packages were compared.
    private func compare(_ name: String, _ bytes: [UInt8], with theirs: Found?) throws -> Int {
        let ours: ForeignLock
        do throws(FailureList) { ours = try ForeignLock.read(bytes, file: name) } catch {
            // Versions before 4 are refused here and read there; what is not even a lock, by both.
            #expect(theirs == nil || error.description.contains("of version 3"), "\(name): \(error)")
            return 0
        }
        guard case .pixi = ours.format else { return 0 }
        var compared = 0
        let places = try #require(theirs, "\(name)")
        for environment in ours.environments {
            for platform in environment.members.keys {
                let place = "\(environment.name)/\(platform)"
                let expected = places[place] ?? []
                if expected.contains(where: { $0.hasPrefix("source") }) {
                    #expect(throws: FailureList.self, "\(name) \(place)") {
                        try ours.packages(platform: platform, environment: environment.name)
                    }
                } else if !expected.contains(where: { !$0.contains("://") }) {
                    let packages = try ours.packages(platform: platform, environment: environment.name)
                    #expect(listed(packages) == expected, "\(name) \(place)")
                    compared += 1
                }
            }
        }
        let named = Set(ours.environments.flatMap { one in one.members.keys.map { "\(one.name)/\($0)" } })
        #expect(Set(places.keys).isSubset(of: named), "\(name)")
        return compared
    }

    @Test("finds the same packages in real locks")
    func real() throws {
        let locks = try realLocks()
        let theirs = try ask("AIRLIFT_RATTLER_PYTHON", Self.program, locks.map(\.bytes))
        var compared = 0
        for (lock, found) in zip(locks, theirs) {
            compared += try compare(lock.name, lock.bytes, with: found)
        }
        #expect(Foreign.locks == nil || compared > 40)
    }

    @Test("finds the same packages in ours")
    func own() throws {
        let locks = [ForeignPixiTests.version5, ForeignPixiTests.version6, ForeignPixiTests.version7]
        let theirs = try ask("AIRLIFT_RATTLER_PYTHON", Self.program, locks.map { Array($0.utf8) })
        for (text, found) in zip(locks, theirs) {
            #expect(found != nil)
            #expect(try compare("own", Array(text.utf8), with: found) > 0)
        }
    }
}

/// Runs only where `AIRLIFT_CONDA_LOCK_PYTHON` names a Python that has conda-lock 4 installed.
@Suite("conda-lock's reader of foreign locks", .enabled(if: getenv("AIRLIFT_CONDA_LOCK_PYTHON") != nil))
struct CondaLockForeignOracleTests {
    private static let program = """
        import pathlib, sys
        from conda_lock.lockfile import parse_conda_lock_file
        for number, path in enumerate(sys.argv[1:]):
            try:
                lock = parse_conda_lock_file(pathlib.Path(path))
            except Exception:
                continue
            print(number)
            for category in {c for p in lock.package for c in p.categories} | {"main"}:
                for p in lock.package:
                    if p.categories & {"main", category}:
                        print(f"{number}\\t{category}/{p.platform}\\t{p.url}\\t{p.hash.sha256 or ''}")
        """

    @Test("finds the same packages in real locks")
    func real() throws {
        let locks = try realLocks()
        let answers = try ask("AIRLIFT_CONDA_LOCK_PYTHON", Self.program, locks.map(\.bytes))
        var compared = 0
        for (lock, theirs) in zip(locks, answers) {
            guard let theirs else { continue }
            let ours = try ForeignLock.read(lock.bytes, file: lock.name)
            #expect(ours.format == .condaLock)
            compared += 1
            for (place, expected) in theirs {
                let parts = place.split(separator: "/").map(String.init)
                let packages = try ours.packages(platform: parts[1], environment: parts[0])
                #expect(listed(packages) == expected, "\(lock.name) \(place)")
            }
            let categories = Set(theirs.keys.map { String($0.prefix { $0 != "/" }) })
            #expect(Set(ours.environments.map(\.name)) == categories)
        }
        #expect(Foreign.locks == nil || compared >= 3)
    }
}
