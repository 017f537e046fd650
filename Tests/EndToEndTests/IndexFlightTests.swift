import Digests
import Files
import TestSupport
import Testing

/// What `airlift index` writes, through the executable.
@Suite struct IndexFlightTests {
    private let scratch = TemporaryDirectory()
    private var place: String { scratch.path + "/index" }

    @Test func wheelsAndInterpreterAreLaidOut() throws {
        let flown = try Shared.whole()
        let ran = try run([Product.airlift, "index", flown.bundle, "index"], in: scratch.path)
        #expect(ran.code == 0, "\(ran.words)")
        #expect(ran.output.contains("0 conda packages, 2 wheels, 1 interpreters"), "\(ran.output)")
        #expect(ran.output.contains("--require-hashes -r index/requirements.txt"), "\(ran.output)")
        #expect(
            try Tree.names(place + "/wheels") == [
                "greeter-1.0-py3-none-any.whl", "greeter-1.0-py3-none-any.whl.metadata",
                "shouter-2.0-py3-none-any.whl", "shouter-2.0-py3-none-any.whl.metadata",
            ])
        #expect(
            try Tree.digest(place + "/python/cpython-linux-64.tar.zst").hex == Shared.interpreter().sha256)
        let readme = try Tree.text(place + "/README.txt")
        #expect(readme.contains("tar -C base -xf python/cpython-linux-64.tar.zst"), "\(readme)")
        let before = try Tree.listing(place)
        let again = try run([Product.airlift, "index", flown.bundle, place])
        #expect(again.code == 0)
        #expect(try Tree.listing(place) == before)
    }

    /// The interpreter that the README unpacks makes the environment that it names.
    @Test(.enabled(if: Program.exists("zstd"), "tar needs zstd")) func theReadmesInterpreterRuns() throws {
        _ = try run([Product.airlift, "index", Shared.whole().bundle, place])
        let lines = try Tree.text(place + "/README.txt").split(separator: "\n").map { String($0) }
        let commands = lines.filter { $0.hasPrefix("  mkdir base") || $0.hasPrefix("  base/bin/") }
        #expect(commands.count == 2, "\(lines)")
        let script = commands.joined(separator: "\n").replacing("PREFIX", with: "\(scratch.path)/p")
        let ran = try run(
            ["sh", "-e", "-c", script + "\n'\(scratch.path)/p/bin/python' -c 'import ssl'"], in: place)
        #expect(ran.code == 0, "\(ran.words)")
    }

    @Test func aDirectoryOfOthersIsRefused() throws {
        try scratch.write("index/mine.txt", "mine")
        let ran = try run([Product.airlift, "index", Shared.light().bundle, place])
        #expect(ran.code == 6 && ran.errors.contains("was not made by `airlift index`"), "\(ran.words)")
        #expect(try Tree.names(place) == ["mine.txt"])
    }

    @Test func theDocumentSaysTheSame() throws {
        let ran = try run([
            Product.airlift, "index", "--json", "--url", "https://files.example.org/payroll/",
            Shared.light().bundle, place,
        ])
        struct Document: Decodable {
            let airlift_index, conda, wheels, interpreters: Int
            let base, bundle, directory: String
            let subdirs: [String]
        }
        let document = try CanonicalJSON.decode(Document.self, from: ran.bytes)
        #expect(document.airlift_index == 1 && document.wheels == 2 && document.conda == 0)
        #expect(document.base == "https://files.example.org/payroll" && document.directory == place)
        #expect(document.subdirs == ["linux-64", "noarch"])
    }

    /// The list of conda packages is a lock of its own: Airlift reads it as it reads other tools'.
    @Test func theExplicitListLandsTheSamePackages() throws {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        try workshop.condaSpec(channels: [channel.path], dependencies: channel.pins)
        let bundle = try workshop.cut()
        let indexed = try workshop.airlift("index", bundle, workshop.project + "/index")
        #expect(indexed.code == 0, "\(indexed.words)")
        try workshop.scratch.write(
            "payroll/bundle.toml",
            """
            name = "payroll"
            platforms = ["linux-64"]

            [target]
            glibc = "2.36"

            [lock]
            from = "index/explicit.txt"

            """)
        let again = try workshop.cut(to: workshop.path + "/again")
        // Name, version, build, kind, subdir: a list of addresses does not tell what was asked for.
        let rows = try [bundle, again].map { path in
            try run([Product.installer, "list", path]).output.split(separator: "\n").map {
                $0.split(separator: " ").prefix(5)
            }
        }
        #expect(rows[0] == rows[1] && rows[0].contains { $0.first == "salute" }, "\(rows)")
    }
}
