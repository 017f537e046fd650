import Archives
import Bundle
import Conda
import Digests
import Failures
import Files
import Glibc
import TestSupport
import Testing
import Wheels

@testable import Audit

/// The way out for other installers: everything of a bundle, laid out as they expect it.
@Suite struct OfflineIndexTests {
    private let scratch = TemporaryDirectory()
    private var place: String { scratch.path + "/index" }

    private static let tool = CondaPackageBuilder(
        "tool", "1.0", "h0_0", files: [.file("share/tool.txt", "tool\n")]
    ).with {
        $0.depends = ["library >=2,<3", "__glibc >=2.17"]
        $0.editIndex = { $0["timestamp"] = 1_700_000_000_000 }
    }
    private static let library = CondaPackageBuilder("library", "2.1", "h1_0").with {
        $0.form = .tarBzip2
        $0.noarch = .generic
    }

    private func bundle(
        _ name: String = "bundle", _ change: (inout BundleBuilder) -> Void = { _ in }
    ) throws -> BundleReader {
        var builder = BundleBuilder {
            $0.conda = [Self.library, Self.tool]
            $0.wheels = [
                WheelBuilder("Demo.App", "1.0+local.1") {
                    $0.requiresPython = ">=3.8,<4"
                    $0.requires = ["other"]
                }, WheelBuilder("other", "2.5"),
            ]
        }
        change(&builder)
        let built = TemporaryDirectory()
        let written = try builder.write(to: built)
        let path = try scratch.write("\(name).sh", Self.bytes(written.path))
        return try BundleReader.open(path)
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let file = try OpenFile.read(path)
        return try file.bytes(at: 0, count: Int(file.status().size))
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try Self.bytes("\(place)/\(name)"), as: UTF8.self)
    }

    private func listing() throws -> [String: SHA256Digest] {
        let directory = try Directory.open(place)
        var files: [String: SHA256Digest] = [:]
        try directory.walk { path, status in
            if status.kind == .file { files[path.string] = SHA256.hash(try directory.contents(of: path)) }
        }
        return files
    }

    private func write(_ reader: BundleReader, base: String? = nil) throws {
        _ = try OfflineIndex(reader, in: place, base: base).write()
    }

    @Test func archivesAreUpstreamsToTheByte() throws {
        let reader = try bundle()
        try write(reader)
        let found = try listing()
        for archive in reader.manifest.archives {
            let name =
                archive.kind == .conda
                ? "conda/\(archive.subdir ?? "")/\(archive.filename)" : "wheels/\(archive.filename)"
            #expect(found[name] == archive.sha256, "\(name)")
        }
        #expect(
            Set(found.keys).isSuperset(of: [
                "README.txt", "requirements.txt", "explicit.txt", "conda/linux-64/repodata.json",
                "conda/linux-64/repodata.json.zst", "conda/noarch/repodata.json", "simple/index.html",
                "simple/index.json", "simple/demo-app/index.html", "simple/demo-app/index.json",
            ]))
    }

    @Test func theChannelSaysWhatThePackagesSay() throws {
        try write(bundle())
        let linux = try Self.bytes(place + "/conda/linux-64/repodata.json")
        let noarch = try Self.bytes(place + "/conda/noarch/repodata.json")
        func records(_ bytes: [UInt8], _ name: String) throws -> [PackageRecord] {
            try bytes.withUnsafeBytes { try Repodata($0, name: "repodata").records(named: name) }
        }
        let tool = try #require(try records(linux, "tool").first)
        #expect(tool.filename == "tool-1.0-h0_0.conda" && tool.depends == Self.tool.depends)
        #expect(tool.sha256 == SHA256.hash(Self.tool.bytes) && tool.size == UInt64(Self.tool.bytes.count))
        var md5 = MD5()
        Self.tool.bytes.withUnsafeBytes { md5.update($0) }
        #expect(tool.md5 == md5.finalizeHex())
        #expect(String(decoding: linux, as: UTF8.self).contains("\"timestamp\":1700000000000"))
        let library = try #require(try records(noarch, "library").first)
        #expect(library.filename == "library-2.1-h1_0.tar.bz2" && library.subdir == "noarch")
        // Each form stands where readers look for it.
        #expect(String(decoding: linux, as: UTF8.self).contains("\"packages\":{}"))
        #expect(String(decoding: noarch, as: UTF8.self).contains("\"packages.conda\":{}"))
    }

    /// Corrections that a channel made after a package was built are part of what was chosen.
    @Test func whatTheLockSaysOfDependenciesHolds() throws {
        let reader = try bundle {
            $0.editManifest = { $0.archives[1].depends = ["__glibc >=2.17", "library 2.1.*"] }
        }
        try write(reader)
        #expect(
            try text("conda/linux-64/repodata.json")
                .contains("\"depends\":[\"__glibc >=2.17\",\"library 2.1.*\"]"))
    }

    @Test func thePagesOfferEachWheelWithItsMetadata() throws {
        let reader = try bundle()
        try write(reader)
        let page = try SimpleIndexPage(
            Self.bytes(place + "/simple/demo-app/index.html"), contentType: "text/html",
            url: "file://\(place)/simple/demo-app/")
        let wheel = try #require(page.files.first)
        #expect(wheel.filename == "Demo.App-1.0+local.1-py3-none-any.whl" && page.files.count == 1)
        #expect(wheel.url.hasPrefix("file://\(place)/wheels/Demo.App-1.0%2Blocal.1"))
        #expect(wheel.requiresPython == (try VersionSpecifiers(">=3.8,<4")))
        let metadata = try Self.bytes("\(place)/wheels/\(wheel.filename).metadata")
        #expect(wheel.coreMetadata?.sha256 == SHA256.hash(metadata))
        #expect(try CoreMetadata(metadata).name == ProjectName("demo-app"))
        #expect(
            try text("requirements.txt").contains(
                "\nDemo.App==1.0+local.1 --hash=sha256:\(wheel.sha256?.hex ?? "")\n"))
    }

    @Test func theListNamesPackagesByTheAddressThatWasGiven() throws {
        let reader = try bundle()
        try write(reader)
        let resolved = try #require(realpath(place, nil))
        defer { free(resolved) }
        let digest = SHA256.hash(Self.tool.bytes)
        #expect(
            try text("explicit.txt").contains(
                "@EXPLICIT\nfile://\(String(cString: resolved))/conda/noarch/library-2.1-h1_0.tar.bz2#sha256:"
            ))
        try write(reader, base: "https://files.example.org/a/")
        #expect(
            try text("explicit.txt").contains(
                "\nhttps://files.example.org/a/conda/linux-64/tool-1.0-h0_0.conda#sha256:\(digest)\n"))
    }

    @Test func aChannelOfWheelsAloneIsAChannel() throws {
        try write(bundle { $0.conda = [] })
        #expect(
            try text("conda/noarch/repodata.json")
                == #"{"info":{"subdir":"noarch"},"packages":{},"packages.conda":{},"removed":[],"repodata_version":1}"#
                + "\n")
        #expect(
            try text("README.txt").contains("pip --python") && !text("README.txt").contains("conda create"))
    }

    // Made again

    @Test func aSecondRunMakesGoodWhatIsDamagedAndMissing() throws {
        let reader = try bundle()
        try write(reader)
        let first = try listing()
        try scratch.write("index/wheels/other-2.5-py3-none-any.whl", "damaged")
        try scratch.write("index/simple/index.html", "damaged")
        let directory = try Directory.open(place)
        try directory.remove(RelativePath("conda/noarch/repodata.json"))
        try directory.removeTree(RelativePath("simple/other"))
        try write(reader)
        #expect(try listing() == first)
    }

    @Test func whatTheNextBundleLacksGoesAndWhatOthersPutThereStays() throws {
        try write(bundle())
        try scratch.write("index/notes.txt", "mine")
        try scratch.write("index/simple/other/mine.txt", "mine")
        try write(bundle("next") { $0.wheels = [WheelBuilder("new", "1.0")] })
        let found = try listing()
        #expect(found["wheels/new-1.0-py3-none-any.whl"] != nil)
        #expect(!found.keys.contains { $0.contains("demo") || $0.hasPrefix("wheels/other") })
        #expect(found["notes.txt"] != nil && found["simple/other/mine.txt"] != nil)
        #expect(found["simple/other/index.html"] == nil)
        #expect(try Directory.open(place).names().contains("conda"))
    }

    /// A run that was stopped leaves its list of files, by which the next one cleans up.
    @Test func aStoppedRunIsMadeGood() throws {
        let stopped = try ConvergingTree(place)
        try stopped.begin(["wheels/half.whl", "wheels/never.whl"])
        try stopped.write([0x61], to: "wheels/half.whl")
        try write(bundle())
        #expect(try listing()["wheels/half.whl"] == nil)
        #expect(try listing()["wheels/other-2.5-py3-none-any.whl"] != nil)
    }

    @Test func anotherDirectoryIsLeftAlone() throws {
        try scratch.write("index/precious.txt", "precious")
        let failure = #expect(throws: BundleError.self) { try write(bundle()) }
        #expect(failure?.kind == .targetInTheWay && failure?.reason.contains("not empty") == true)
        #expect(try listing().keys.sorted() == ["precious.txt"])
        // The twin: an empty one is taken.
        try Directory.open(place).remove(RelativePath("precious.txt"))
        try write(bundle())
    }

    @Test(arguments: [
        "", "{}", "[", #"{"airlift_index":2,"files":[]}"#, #"{"airlift_index":1,"files":[1]}"#,
    ])
    func aDamagedListIsNotBelieved(list: String) throws {
        try scratch.write("index/\(ConvergingTree.marker)", list)
        let failure = #expect(throws: BundleError.self) { try write(bundle()) }
        #expect(failure?.kind == .targetInTheWay)
    }

    /// A list that somebody else wrote names nothing outside, and follows no link.
    @Test func aHostileListReachesNothingOutside() throws {
        try scratch.write("outside/precious.txt", "precious")
        try scratch.write(
            "index/\(ConvergingTree.marker)",
            #"{"airlift_index":1,"files":["../outside/precious.txt","link/precious.txt","/etc/nothing"]}"#)
        #expect(symlink(scratch.path + "/outside", place + "/link") == 0)
        // It may be refused for the link; what lies outside stays in any case.
        _ = try? write(bundle())
        #expect(try Self.bytes(scratch.path + "/outside/precious.txt") == Array("precious".utf8))
    }

    // Hostile manifests

    @Test(arguments: ["../../evil.whl", "/evil.whl", "a/b.whl", ".evil.whl", "a b.whl", "a\nb.whl", "", "."])
    func aNameThatPointsElsewhereIsRefused(name: String) throws {
        let reader = try bundle { $0.editManifest = { $0.archives[2].filename = name } }
        #expect(throws: (any Error).self) { try write(reader) }
        #expect(try Directory.open(scratch.path).names() == ["bundle.sh", "index"])
    }

    @Test func twoOfOneNameAreRefused() throws {
        let reader = try bundle {
            $0.editManifest = { $0.archives[2].filename = $0.archives[3].filename }
        }
        let failure = #expect(throws: BundleError.self) { try write(reader) }
        #expect(failure?.reason.contains("two of its archives") == true)
    }

    @Test func aDamagedArchiveIsNotHandedOn() throws {
        let reader = try bundle()
        let path = reader.manifest.archives[3].path
        let offset = try #require(reader.layout.member(path)).dataOffset
        var bytes = try Self.bytes(reader.path)
        bytes[Int(offset) + 40] ^= 1
        let damaged = try BundleReader.open(scratch.write("damaged.sh", bytes))
        #expect(throws: ArchiveError.self) { try write(damaged) }
        #expect(try listing()["wheels/other-2.5-py3-none-any.whl"] == nil)
        #expect(!(try listing().keys.contains { $0.hasSuffix(".part") }))
    }
}
