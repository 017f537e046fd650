import Archives
import Digests
import Files
import Glibc
import TestSupport
import Testing

/// What the other tests stand on: packages made in code are what they say.
@Suite struct CondaPackageBuilderTests {
    let scratch = TemporaryDirectory()

    static let rich = CondaPackageBuilder(
        "rich", "2.1", "h0_3",
        files: [
            .file("lib/librich.so.1", "library").prefix(CondaPackageBuilder.placeholder, .binary),
            .symbolicLink("lib/librich.so", to: "librich.so.1"),
            .hardLink("lib/copy.so", to: "lib/librich.so.1"),
            .executable("bin/rich", "#!\(CondaPackageBuilder.placeholder)/bin/python\n").prefix(),
            .directory("var/empty"), .file("etc/own.conf", "x").withoutLinking(),
            .file("share/größe/日本.txt", "größe"),
            .file("share/" + (0..<30).map { "deep\($0)/" }.joined() + "file", "deep"),
        ]
    ) {
        $0.buildNumber = 3
        $0.depends = ["python >=3.10,<3.11.0a0"]
        $0.linkScripts = ["post-link": "echo linked\n"]
        $0.menus = ["rich.json": "{}\n"]
        $0.licenseFiles = ["LICENSE": "Do what you want.\n"]
    }

    @Test(arguments: CondaPackageBuilder.Form.allCases)
    func `a package of either form holds what its description says`(form: CondaPackageBuilder.Form) throws {
        let package = Self.rich.form(form)
        let built = try package.write(to: scratch)
        var kinds: [String: TarEntry.Kind] = [:]
        var contents: [String: [UInt8]] = [:]
        let summary = try CondaArchive.read(FileRegion(path: built.path), progress: { _ in }) {
            kinds[$0.path.string] = $0.kind
            contents[$0.path.string] = try $1.bytes()
        }
        #expect(summary == TarSummary(size: UInt64(built.bytes.count), sha256: built.sha256))
        #expect(contents["lib/librich.so.1"] == Array("library".utf8))
        #expect(kinds["lib/librich.so"] == .symbolicLink(target: "librich.so.1"))
        #expect(kinds["lib/copy.so"] == .hardLink(target: try RelativePath("lib/librich.so.1")))
        #expect(kinds["var/empty"] == .directory)
        #expect(contents["bin/.rich-post-link.sh"] == Array("echo linked\n".utf8))
        #expect(contents["info/licenses/LICENSE"] != nil && contents["Menu/rich.json"] != nil)
        #expect(contents.keys.contains { $0.hasSuffix("deep29/file") })
        let paths = String(decoding: contents["info/paths.json"] ?? [], as: UTF8.self)
        for path in package.files.map(\.path) { #expect(paths.contains("\"\(path)\"")) }
        #expect(package.bytes == built.bytes)
    }

    @Test func `the placeholder has the length that conda-build gives it`() {
        #expect(CondaPackageBuilder.placeholder.utf8.count == 255)
    }

    @Test func `a channel lists its packages with size and digest`() throws {
        let packages = [
            Self.rich, CondaPackageBuilder("pure", "1", "py_0") { $0.noarch = .python },
            CondaPackageBuilder("old").form(.tarBzip2),
        ]
        let channel = CondaChannelBuilder(packages)
        let path = try channel.write(to: scratch)
        #expect(channel.repodata("noarch")["packages.conda"]?["pure-1-py_0.conda"]?["noarch"] == "python")
        let record = channel.repodata("linux-64")["packages"]?["old-1.0-0.tar.bz2"]
        #expect(record?["sha256"] == .text(packages[2].sha256.hex))
        #expect(record?["size"] == .number(Int64(packages[2].bytes.count)))
        for name in ["linux-64/repodata.json.zst", "noarch/repodata.json", "linux-64/old-1.0-0.tar.bz2"] {
            #expect(access("\(path)/\(name)", R_OK) == 0)
        }
    }
}
