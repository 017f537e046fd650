import Archives
import Conda
import Failures
import Glibc
import TestSupport
import Testing

/// Real packages, where the public data is beside the package.
@Suite("Packages that others built") struct PublicPackagesTests {
    private static func archives(_ name: String) -> [String] {
        guard let root = SharedData.directory(name), let listing = popen("find \(quoted(root)) -type f", "r")
        else {
            return []
        }
        defer { pclose(listing) }
        var found: [String] = []
        while let line = readLine(listing) {
            if line.hasSuffix(".conda") || line.hasSuffix(".tar.bz2") { found.append(line) }
        }
        return found.sorted()
    }

    private static func readLine(_ file: UnsafeMutablePointer<FILE>) -> String? {
        var line = [CChar](repeating: 0, count: 4_096)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        return String(
            decoding: line.prefix { $0 != 0 && $0 != 0x0a }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// nil for an archive that cannot be read at all, which other tests judge.
    private func members(_ path: String) -> (files: [String: [UInt8]], names: [String])? {
        var files: [String: [UInt8]] = [:]
        var names: [String] = []
        do {
            try CondaArchive.readInfo(FileRegion(path: path)) { entry, content in
                names.append(entry.path.string)
                if CondaPackageInfo.isWanted(entry.path.string) {
                    files[entry.path.string] = try content.bytes()
                }
            }
            return (files, names)
        } catch { return nil }
    }

    private func filename(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    @Test("every package of a channel that runs is understood")
    func channel() throws {
        for path in Self.archives("channels/forge") {
            let (files, names) = try #require(members(path))
            let info = try CondaPackageInfo(files: files, names: names, filename: filename(path))
            #expect(info.paths.source == .paths)
            #expect(info.paths.entries.allSatisfy { $0.kind == .softlink || $0.sha256 != nil })
            #expect(path.contains("/\(info.index.subdir)/"))
        }
    }

    @Test("the older lists say the same as paths.json, where a package has both")
    func lists() throws {
        var compared = 0
        for path in Self.archives("packages") {
            guard let (files, _) = members(path), let json = files["info/paths.json"],
                let list = files["info/files"],
                let new = try? PathsJSON(json: json)
            else { continue }
            let old = try PathsJSON(
                files: list, hasPrefix: files["info/has_prefix"], noLink: files["info/no_link"])
            #expect(Set(old.entries.map(\.path)) == Set(new.entries.map(\.path)), "\(path)")
            func placeholders(_ paths: PathsJSON) -> [String: PathsJSON.Placeholder] {
                Dictionary(
                    uniqueKeysWithValues: paths.entries.compactMap { e in e.placeholder.map { (e.path, $0) } }
                )
            }
            #expect(placeholders(old) == placeholders(new), "\(path)")
            compared += 1
        }
        #expect(compared > 100 || SharedData.directory("packages") == nil)
    }
}
