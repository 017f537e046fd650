import Archives
import Conda
import Install
import TestSupport

extension FuzzTarget {
    static let conda = [
        FuzzTarget(name: "conda", run: readConda, seeds: condaSeeds, words: zipWords),
        FuzzTarget(
            name: "conda-members", run: readCondaMembers, seeds: condaMemberSeeds,
            words: tarWords + pathsWords),
        FuzzTarget(name: "paths-json", run: readPaths, seeds: pathsSeeds, words: pathsWords),
        FuzzTarget(name: "repodata", run: readRepodata, seeds: repodataSeeds, words: repodataWords),
        FuzzTarget(
            name: "shards", run: readShards, seeds: shardSeeds, words: ["\u{1}", "shards", "info", "version"]),
        FuzzTarget(name: "match-spec", run: readMatchSpec, seeds: matchSpecSeeds, words: matchSpecWords),
        FuzzTarget(
            name: "prefix", run: rewrite, seeds: rewriteSeeds, words: ["/old/prefix", "#!", "\0", "\n"]),
    ]

    private static let limits: TarLimits = {
        var limits = TarLimits()
        limits.members = 2_000
        limits.totalSize = 32 << 20
        return limits
    }()

    static func readConda(_ bytes: [UInt8]) throws {
        let region = try Scratch.region(bytes, name: "demo-1.0-0.conda")
        var info: [String] = []
        var infoRefusal: (any Error)?
        do {
            try CondaArchive.readInfo(region, limits: limits) { entry, _ in info.append(entry.path.string) }
        } catch {
            infoRefusal = error
        }
        var raw: UInt64 = 0
        var all: Set<String> = []
        let summary = try CondaArchive.read(region, limits: limits, progress: { raw += $0 }) {
            entry, content in
            var size: UInt64 = 0
            try content.forEachChunk { size += UInt64($0.count) }
            law(size == entry.size, "a member has the bytes it declares")
            all.insert(entry.path.string)
        }
        law(summary.size == region.size && raw == region.size, "every byte passes the digest once")
        law(infoRefusal == nil, "what is read whole, its metadata can be read alone")
        law(info.allSatisfy(all.contains), "both ways see the same metadata")
    }

    /// The input: two bytes for the blocks of the first tar archive, which is info/; the rest is the payload. Both are
    /// wrapped up well formed, and read as a package is while cutting.
    static func readCondaMembers(_ bytes: [UInt8]) throws {
        guard bytes.count >= 2 else { return }
        let tars = withChecksums(Array(bytes.dropFirst(2)))
        let split = min(tars.count, (Int(bytes[0]) | Int(bytes[1]) << 8) * 512)
        let package = CondaPackageBuilder {
            $0.editArchive = { archive in
                archive.members[1].contents = zstandard(Array(tars[split...]), level: 1)
                archive.members[2].contents = zstandard(Array(tars[..<split]), level: 1)
            }
        }
        let built = package.bytes
        _ = try CondaInspection.run(
            archive(.conda, package.filename, built), in: Scratch.region(built, name: package.filename),
            python: python)
    }

    static func readPaths(_ bytes: [UInt8]) throws {
        func judge(_ paths: PathsJSON) {
            for entry in paths.entries {
                law(PackagePath.fault(entry.path) == nil, "a path that is taken is safe: \(entry.path)")
            }
        }
        let half = bytes.firstIndex(of: 0) ?? bytes.count
        let results: [Result<Void, any Error>] = [
            Result { judge(try PathsJSON(json: bytes)) },
            Result {
                judge(
                    try PathsJSON(
                        files: Array(bytes[..<half]), hasPrefix: Array(bytes[half...]), noLink: bytes))
            },
            Result { _ = try AboutJSON(json: bytes) }, Result { _ = try LinkJSON(json: bytes) },
            Result { _ = try EnvironmentVariables(stateJSON: bytes) },
            Result { _ = try EnvironmentVariables(packageJSON: bytes, file: "x.json") },
            Result { _ = try PackageRecord(indexJSON: bytes, filename: "demo-1.0-0.conda") },
        ]
        for result in results { try result.get() }
    }

    static func readRepodata(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            let repodata = try Repodata(buffer, name: "input")
            for name in repodata.names {
                let records = try? repodata.records(named: name)
                law(records?.allSatisfy { $0.name == name } ?? true, "a record has the name it was asked for")
                _ = try? repodata.removed(named: name)
            }
        }
    }

    static func readShards(_ bytes: [UInt8]) throws {
        let shards = Result { try RepodataShards(bytes, name: "input") }
        try readRepodata(RepodataShards.document(of: bytes, name: "input"))
        _ = try shards.get()
    }

    static func readMatchSpec(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        if let version = try? CondaVersion(text) {
            law((try? CondaVersion("\(version)")) == version, "the text of a version reads as itself")
        }
        _ = try? VersionSpec(text)
        _ = try? BuildNumberSpec(text)
        _ = try? MatchSpecCondition(text)
        _ = try? PackageFilename(text)
        _ = PackageRecord.name(inSpec: text)
        let spec = try MatchSpec(text)
        let written = spec.description
        law((try? MatchSpec(written)) == spec, "the text of a spec reads as itself: \(text) gives \(written)")
    }

    /// Cut anywhere, the input gives the same output; a binary keeps its length.
    static func rewrite(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        let mode: PathsJSON.Placeholder.Mode = first & 1 == 0 ? .text : .binary
        let rest = Array(bytes.dropFirst())
        func output(pieces: Int) throws -> [UInt8] {
            var rewriter = try PrefixRewriter(
                .init("/old/prefix", mode), prefix: first & 2 == 0 ? "/new" : "/o/prefix")
            var output: [UInt8] = []
            for start in stride(from: 0, to: rest.count, by: pieces) {
                rest[start..<min(rest.count, start + pieces)].withUnsafeBytes { piece in
                    rewriter.update(piece) { output.append(contentsOf: $0) }
                }
            }
            rewriter.finish { output.append(contentsOf: $0) }
            return output
        }
        let whole = try output(pieces: max(1, rest.count))
        law(
            try output(pieces: 1 + Int(first >> 2)) == whole,
            "the output is the same however the input is cut")
        law(mode == .text || whole.count == rest.count, "a binary keeps its length")
    }

    static let pathsWords = [
        "\"paths\":", "\"paths_version\":1", "\"_path\":\"", "\"path_type\":\"hardlink\"", "\"softlink\"",
        "\"directory\"",
        "\"sha256\":\"", "\"size_in_bytes\":", "\"prefix_placeholder\":\"", "\"file_mode\":\"binary\"",
        "\"text\"",
        "\"no_link\":true", "info/index.json", "info/paths.json", "\"depends\":", "\"noarch\":\"python\"",
        "\"name\":\"demo\"",
        "\\u0000", "\\ud83d\\ude00", "../",
    ]
    static let repodataWords = [
        "\"info\":", "\"subdir\":\"linux-64\"", "\"packages\":", "\"packages.conda\":", "\"removed\":",
        "\"v3\":",
        "\"base_url\":", "\"repodata_version\":2", "\"name\":\"demo\"", "\"version\":\"1.0\"",
        "\"build\":\"0\"",
        "\"build_number\":0", "\"depends\":[", "\"sha256\":\"", "\"md5\":\"", "\"size\":", "demo-1.0-0.conda",
        "demo-1.0-0.tar.bz2",
    ]
    static let matchSpecWords = [
        "::", "==", ">=", "!=", "~=", "=*", "|", ",", "[build=", "version=", "channel=", "subdir=", "md5=",
        "sha256=", "url=",
        "when=\"", "extras=[", "optional=True", "'", "\"", "*", "^", "$", "conda-forge/linux-64", " if ",
        " and ", " or ",
    ]

    private static func packages() -> [CondaPackageBuilder] {
        [
            CondaPackageBuilder(
                files: [
                    .file("lib/x", "x"),
                    .executable("bin/x", "#!\(CondaPackageBuilder.placeholder)/bin/python\n").prefix(),
                    .symbolicLink("lib/link", to: "x"), .hardLink("lib/hard", to: "lib/x"),
                ]),
            CondaPackageBuilder {
                $0.noarch = .python
                $0.files = [.file("site-packages/demo.py", "x = 1\n")]
                $0.entryPoints = ["demo = demo:main"]
            },
            CondaPackageBuilder {
                $0.isLegacy = true
                $0.licenseFiles = ["LICENSE": "free"]
                $0.linkScripts = ["post-link": "true\n"]
            },
        ]
    }

    @Sendable static func condaSeeds() -> [[UInt8]] {
        packages().flatMap { package in CondaPackageBuilder.Form.allCases.map { package.form($0).bytes } }
    }

    @Sendable static func condaMemberSeeds() throws -> [[UInt8]] {
        try packages().map { package in
            // Left uncompressed, the parts can be cut out of the archive.
            let source = MemoryBytes(package.with { $0.compress = { $0 } }.bytes, name: "seed.conda")
            let directory = try ZipDirectory.read(from: source)
            func part(_ index: Int) throws -> [UInt8] {
                try directory.contents(
                    of: directory.entries[index], in: source, workspace: InflateWorkspace())
            }
            let blocks = try part(2).count / 512
            return try [UInt8(blocks & 0xff), UInt8(blocks >> 8)] + part(2) + part(1)
        }
    }

    @Sendable static func pathsSeeds() throws -> [[UInt8]] {
        let documents = try condaMemberSeeds().flatMap { seed in
            var documents: [[UInt8]] = []
            let region = try Scratch.region(Array(seed.dropFirst(2)), name: "seed.tar")
            let blocks = UInt64(seed[0]) | UInt64(seed[1]) << 8
            _ = try TarReader.read(region.file.file, length: blocks * 512) {
                documents.append(try $1.bytes())
            }
            return documents
        }
        return documents + [
            "lib/a\nbin/b\n\0bin/b\n\"/old prefix\" binary lib/a\n".bytes,
            "{\"env_vars\": {\"A\": \"b\"}, \"version\": 1}".bytes,
        ]
    }

    @Sendable static func repodataSeeds() -> [[UInt8]] {
        let records = packages().map { ($0.filename, $0.repodataRecord) }
        let conda = JSONValue.object(Dictionary(records) { $1 })
        return [
            JSONValue.object([
                "info": ["subdir": "linux-64", "base_url": "https://example.org/"], "packages": [:],
                "packages.conda": conda, "removed": .list([.text("old-1-0.conda")]), "repodata_version": 2,
            ]).bytes, "{}".bytes,
        ]
    }

    @Sendable static func shardSeeds() -> [[UInt8]] {
        // In MessagePack: {"version": 1, "info": {"subdir": "linux-64"}, "shards": {"demo": 32 bytes}} and a shard.
        func text(_ text: String) -> [UInt8] { [0xa0 | UInt8(text.utf8.count)] + text.utf8 }
        let digest: [UInt8] = [0xc4, 32] + [UInt8](repeating: 7, count: 32)
        let index: [[UInt8]] = [
            [0x83], text("version"), [1], text("info"), [0x81], text("subdir"), text("linux-64"),
            text("shards"), [0x81],
            text("demo"), digest,
        ]
        let shard: [[UInt8]] = [
            [0x81], text("packages.conda"), [0x81], text("demo-1.0-0.conda"), [0x83], text("name"),
            text("demo"),
            text("version"), text("1.0"), text("build"), text("0"),
        ]
        return [index.flatMap { $0 }, shard.flatMap { $0 }]
    }

    @Sendable static func matchSpecSeeds() -> [[UInt8]] {
        [
            "numpy >=1.8,<2|==1.9", "conda-forge/linux-64::python=3.12.*=*_cpython",
            "*[build='^py.*$',md5=abc]", "a 1.0 py_0",
            "x[version='>=1|2.*',when=\"python >=3\",extras=[a,b],optional=True]", "1!2.0rc1.post3+5_6",
            "tar-1-0.tar.bz2",
        ].map(\.bytes)
    }

    @Sendable static func rewriteSeeds() -> [[UInt8]] {
        let wide: [UInt8] = "/old/prefix".utf8.flatMap { [$0, 0] } + [0, 0]
        let contents = [
            "#!/old/prefix/bin/python\nprint('/old/prefix')\n".bytes,
            "\u{7f}ELF\0/old/prefix/lib:/old/prefix/b\0more\0".bytes, wide,
        ]
        // Mode and prefix in the lowest bits, the size of the pieces above them.
        return contents.flatMap { content in (0..<4).map { mode -> [UInt8] in [UInt8(mode | 24)] + content } }
    }
}
