import Digests
import Files
import FoundationEssentials
import Glibc
import TestSupport

/// The channel of `bundles/local-channel`: this machine's Python as a conda package, and small packages of every
/// kind. Made once by the script that a user runs.
struct LocalChannel {
    let scratch: TemporaryDirectory
    var path: String { scratch.path + "/channel" }
    /// `python =3.11.2=0_captured` and the others.
    let pins: [String]
    let packages: [Package]

    struct Package {
        let name: String
        let version: String
        let build: String
        let subdir: String
        let filename: String
        let depends: [String]
        let noarch: String?
        let sha256: String
        let md5: String
        let size: Int
    }

    static func made() throws -> LocalChannel { try channel.get() }

    private static let channel = Result {
        let scratch = TemporaryDirectory()
        let script = Product.root + "/bundles/local-channel/make_channel.py"
        let ran = try run(["/usr/bin/python3", script, Product.airlift, scratch.path + "/channel"])
        guard ran.code == 0 else { throw Unexpected(ran) }
        let pins = ran.output.split(separator: "\n").map {
            String($0.replacing("=", with: " =", maxReplacements: 1))
        }
        return LocalChannel(scratch: scratch, pins: pins, packages: try read(scratch.path + "/channel"))
    }

    private static func read(_ channel: String) throws -> [Package] {
        struct Record: Decodable {
            let name, version, build, subdir, sha256, md5: String
            let size: Int
            let depends: [String]
            let noarch: String?
        }
        struct Repodata: Decodable {
            let packages: [String: Record]
            let conda: [String: Record]
            enum CodingKeys: String, CodingKey {
                case packages
                case conda = "packages.conda"
            }
        }
        return try ["linux-64", "noarch"].flatMap { subdir -> [Package] in
            let repodata = try CanonicalJSON.decode(
                Repodata.self, from: Tree.bytes("\(channel)/\(subdir)/repodata.json"))
            return repodata.packages.merging(repodata.conda) { $1 }.map { filename, record in
                Package(
                    name: record.name, version: record.version, build: record.build, subdir: subdir,
                    filename: filename, depends: record.depends, noarch: record.noarch,
                    sha256: record.sha256, md5: record.md5, size: record.size)
            }.sorted { $0.name < $1.name }
        }
    }

    func url(_ package: Package, base: String? = nil) -> String {
        "\(base ?? "file://" + path)/\(package.subdir)/\(package.filename)"
    }
}

extension Workshop {
    /// Writes a spec of conda packages.
    func condaSpec(
        channels: [String], dependencies: [String], python: String? = "conda = \"3.11.*\"",
        index: String? = nil, requirements: [String] = [], more: String = ""
    ) throws {
        func rows(_ texts: [String]) -> String { texts.map { "    \"\($0)\",\n" }.joined() }
        try scratch.write(
            "payroll/bundle.toml",
            """
            name = "payroll"
            platforms = ["linux-64"]

            [target]
            glibc = "2.36"

            \(python.map { "[python]\n\($0)\n" } ?? "")
            [conda]
            channels = [
            \(rows(channels))]
            dependencies = [
            \(rows(dependencies))]

            [wheels]
            \(index.map { "index = [\"\($0)\"]" } ?? "")
            requirements = [
            \(rows(requirements))]

            \(more)

            """)
    }
}
