import Archives
import Bundle
import Conda
import Digests
import Failures
import Files
import TestSupport
import Testing

@testable import Install

/// Packages that others built, where they are at hand.
@Suite struct CondaDataTests {
    static let packages = archives("packages")
    static let channel = archives("channels/forge")

    private static func archives(_ name: String) -> [String] {
        guard let root = SharedData.directory(name), let directory = try? Directory.open(root) else {
            return []
        }
        var found: [String] = []
        try? directory.walk { path, status in
            guard status.kind == .file, (try? PackageFilename(path.last)) != nil else { return }
            found.append("\(root)/\(path)")
        }
        return found
    }

    /// Reads a package, and unpacks it into a directory of its own.
    private func install(_ path: String, overrides: [Manifest.Override] = []) throws -> CondaInstaller.Result
    {
        let scratch = TemporaryDirectory()
        let filename = try PackageFilename(path.split(separator: "/").last ?? "")
        let region = try FileRegion(path: path)
        var hasher = SHA256()
        try region.forEachPiece { hasher.update($0) }
        let archive = Manifest.Archive(
            kind: .conda, name: filename.name, version: filename.version, build: filename.build,
            subdir: "linux-64", filename: filename.description, path: "archives/conda/\(filename)", url: nil,
            size: region.size, sha256: hasher.finalize(), crc32: "00000000", license: nil, requested: true,
            depends: [], installed: .init(files: 0, bytes: 0), hooks: [])
        let contents = try CondaContents.read(
            archive, in: region, python: CondaScene.python, overrides: overrides)
        let result = try CondaInstaller(
            contents: contents, tree: TreeWriter(scratch.directory()), prefix: "/opt/demo",
            interpreter: "/opt/demo/bin/python3.11"
        ).install { _ in }
        for file in result.files {
            guard case .bytes(let size, _) = file.content else { continue }
            #expect(try scratch.directory().status(of: file.path)?.size == size)
        }
        return result
    }

    @Test(.enabled(if: !channel.isEmpty, "no channel at hand")) func `every package of a channel lands`()
        throws
    {
        for path in Self.channel {
            #expect(failure { _ = try install(path) }?.description == nil, "\(path)")
        }
        #expect(Self.channel.count > 90)
    }

    /// Six have a list of files that is not theirs.
    @Test(.enabled(if: !packages.isEmpty, "no packages at hand"))
    func `wrong lists are refused, and taken with the override`()
        throws
    {
        var wrong: [String] = []
        var refused: [String] = []
        for path in Self.packages {
            guard let error = failure({ _ = try install(path) }) else { continue }
            let name = try PackageFilename(path.split(separator: "/").last ?? "").name
            let override = Manifest.Override(subject: name, rule: "paths", reason: "wrong upstream")
            if let second = failure({ _ = try install(path, overrides: [override]) }) {
                refused.append("\(path): \(second)")
            } else {
                wrong.append("\(path): \(error)")
            }
        }
        print("WRONG", wrong.joined(separator: "\n"))
        print("REFUSED", refused.joined(separator: "\n"))
    }
}
