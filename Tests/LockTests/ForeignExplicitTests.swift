import Digests
import Failures
import Testing

@testable import Lock

private let md5 = String(repeating: "0f", count: 16)
private let sha256 = String(repeating: "ab", count: 32)
private let forge = "https://conda.example/forge"

private func packages(_ lines: String..., platform: String = "linux-64") throws -> [ForeignLock.Package] {
    try Foreign.read((["@EXPLICIT"] + lines).joined(separator: "\n")).packages(platform: platform)
}

private func problems(_ lines: String...) -> String {
    Foreign.problems((["@EXPLICIT"] + lines).joined(separator: "\n"), platform: "linux-64")
}

@Suite("An @EXPLICIT list")
struct ForeignExplicitTests {
    @Test("gives name, version, build, platform and channel of each address")
    func parts() throws {
        let package = try packages("\(forge)/linux-64/_libgcc_mutex-0.1-conda_forge.tar.bz2#\(md5)")[0]
        #expect(package.kind == .conda)
        #expect(package.name == "_libgcc_mutex")
        #expect(package.version == "0.1")
        #expect(package.build == "conda_forge")
        #expect(package.subdir == "linux-64")
        #expect(package.channel == forge)
        #expect(package.filename == "_libgcc_mutex-0.1-conda_forge.tar.bz2")
        #expect(package.location == "\(forge)/linux-64/_libgcc_mutex-0.1-conda_forge.tar.bz2")
        #expect(package.md5 == md5)
        #expect(package.sha256 == nil)
        #expect(package.line == 2)
        #expect(package.isRequested == nil)
    }

    @Test("takes an MD5, a SHA-256 with and without its name, and none")
    func digests() throws {
        let found = try packages(
            "\(forge)/noarch/a-1-0.conda#\(md5)", "\(forge)/noarch/b-1-0.conda#sha256:\(sha256)",
            "\(forge)/noarch/c-1-0.conda#\(sha256)", "\(forge)/noarch/d-1-0.conda")
        #expect(found.map(\.md5) == [md5, nil, nil, nil])
        #expect(found.map(\.sha256?.hex) == [nil, sha256, sha256, nil])
    }

    @Test(
        "refuses a digest that is none, with its line",
        arguments: [
            "#", "#\(md5.dropLast())", "#sha256:\(md5)", "#md5:\(md5)", "#None", "#\(sha256)0",
            "#\(String(repeating: "g", count: 64))", "#\(md5)#\(md5)0",
        ])
    func badDigest(_ fragment: String) {
        #expect(problems("\(forge)/noarch/a-1-0.conda\(fragment)").contains("line 2: "))
        #expect(problems("\(forge)/noarch/a-1-0.conda#\(md5)") == "none")
    }

    @Test("reads an epoch that is escaped in the address, and keeps the address")
    func epoch() throws {
        let package = try packages("\(forge)/linux-64/x264-1%21164.3095-h166bdaf_2.tar.bz2")[0]
        #expect(package.version == "1!164.3095")
        #expect(package.filename == "x264-1!164.3095-h166bdaf_2.tar.bz2")
        #expect(package.location.hasSuffix("/x264-1%21164.3095-h166bdaf_2.tar.bz2"))
        #expect(
            try packages("\(forge)/linux-64/x264-1!164.3095-h166bdaf_2.tar.bz2")[0].version == "1!164.3095")
    }

    @Test("reads paths and file URLs, spaces and all")
    func paths() throws {
        let found = try packages(
            "file:///srv/a%20channel/linux-64/a-1-0.conda", "/srv/a channel/linux-64/b-1-0.conda#\(md5)",
            "./c-1-0.tar.bz2", "d-1-0.conda", "../#odd/e-1-0.conda#\(md5)", "Kanäle/linux-64/f-1-0.conda")
        #expect(found.map(\.name) == ["a", "b", "c", "d", "e", "f"])
        #expect(
            found.map(\.location) == [
                "file:///srv/a%20channel/linux-64/a-1-0.conda", "/srv/a channel/linux-64/b-1-0.conda",
                "./c-1-0.tar.bz2", "d-1-0.conda", "../#odd/e-1-0.conda", "Kanäle/linux-64/f-1-0.conda",
            ])
        #expect(found.map(\.subdir) == ["linux-64", "linux-64", nil, nil, nil, "linux-64"])
        #expect(found[0].channel == "file:///srv/a%20channel")
    }

    @Test("passes over comments, empty lines, carriage returns and a byte order mark")
    func noise() throws {
        let text =
            "\u{FEFF}# made by hand – für uns\r\n# $ conda create --file <this file>\r\n"
            + "# platform: linux-64\r\n\r\n   \t\r\n  @EXPLICIT \r\n\(forge)/noarch/a-1-0.conda#\(md5)\r\n# end"
        let lock = try Foreign.read(text)
        #expect(lock.format == .explicit)
        #expect(lock.platforms.map(\.subdir) == ["linux-64"])
        #expect(try lock.packages(platform: "linux-64").map(\.line) == [7])
        #expect(Foreign.problems("\u{FFFE}@EXPLICIT").contains("cannot use"))
    }

    @Test("that is UTF-16, as a shell of Windows writes it, is refused with what to do")
    func utf16() {
        let bytes: [UInt8] = [0xFF, 0xFE] + "@EXPLICIT\n".utf8.flatMap { [$0, 0] }
        let error = #expect(throws: FailureList.self) { try ForeignLock.read(bytes, file: "list.txt") }
        #expect(error?.description == "cannot use 'list.txt': it is UTF-16; save it as UTF-8")
    }

    @Test("names the line and the reason of each line that makes no sense")
    func nonsense() {
        let found = problems(
            "numpy=1.26", "\(forge)/noarch/a.conda", "@explicit", "\(forge)/noarch/a-1-0.whl",
            "ftp://h/a-1-0.conda",
            "https:///a-1-0.conda", "\(forge)/noarch/b-1-0.conda trailing", "file:a-1-0.conda",
            "\(forge)/noarch/é-1-0.conda", "\(forge)/noarch/a%2Fb-1-0.conda", "\(forge)/noarch/ok-1-0.conda")
        #expect(found.split(separator: "\n").count == 10)
        for line in 2...11 { #expect(found.contains("', line \(line): "), "\(line)") }
        #expect(found.contains("line 2: 'numpy=1.26' is no address of a conda package"))
        #expect(found.contains("line 6: 'ftp://h/a-1-0.conda' has the scheme ftp"))
    }

    @Test("does not depend on the environment or home of the machine")
    func expansion() {
        for address in ["~/a-1-0.conda", "$HOME/a-1-0.conda", "https://h/${CHANNEL}/noarch/a-1-0.conda"] {
            #expect(problems(address).contains("environment variable"))
        }
        #expect(problems("./$1/a-1-0.conda", "./~/b-1-0.conda") == "none")
    }

    @Test("for another platform is refused, and so is a package for another one")
    func platforms() {
        let list = "# platform: osx-64\n@EXPLICIT\n\(forge)/osx-64/a-1-0.conda\n\(forge)/noarch/b-1-0.conda"
        #expect(
            Foreign.problems(list, platform: "linux-64").contains(
                "it is for osx-64, and linux-64 is asked for"))
        #expect(Foreign.problems(list, platform: "osx-64") == "none")
        #expect(
            problems("\(forge)/linux-64/a-1-0.conda", "\(forge)/win-64/b-1-0.conda").contains(
                "line 3: 'b-1-0.conda' is for win-64, and linux-64 is asked for"))
        #expect(problems("\(forge)/noarch/b-1-0.conda") == "none")
    }

    @Test("has no environments")
    func environments() {
        let list = "@EXPLICIT\n\(forge)/noarch/a-1-0.conda"
        #expect(
            Foreign.problems(list, platform: "linux-64", environment: "dev").contains("has no environments"))
    }

    @Test("may repeat a line, but not a name")
    func duplicates() throws {
        let again = try packages(
            "\(forge)/noarch/a-1-0.conda#\(md5)", "\(forge)/noarch/a-1-0.conda#sha256:\(sha256)")
        #expect(again.count == 1)
        #expect(again[0].md5 == md5 && again[0].sha256?.hex == sha256)
        #expect(
            problems("\(forge)/noarch/a-1-0.conda", "\(forge)/linux-64/a-2-0.conda").contains(
                "line 3: 'a' is locked twice for linux-64, as 'a-2-0.conda' here and as 'a-1-0.conda' on line 2"
            ))
        #expect(
            problems(
                "\(forge)/noarch/a-1-0.conda#\(md5)",
                "\(forge)/noarch/a-1-0.conda#\(md5.replacing("0", with: "1"))"
            )
            .contains("locked twice"))
    }

    @Test("of conda-lock has wheels in comments, which it hands to pip")
    func wheels() throws {
        let address = "https://wheels.example/f/Flask_Caching-2.0-py3-none-any.whl"
        let found = try packages(
            "# pip flask-caching @ \(address)#sha256=\(sha256)",
            "# pip werkzeug @ https://wheels.example/werkzeug-3.0.0-py3-none-any.whl --hash=sha256:\(sha256)",
            "# pip is not asked here", "# pip install @ is what one would do")
        #expect(found.map(\.kind) == [.wheel, .wheel])
        #expect(found.map(\.name) == ["flask-caching", "werkzeug"])
        #expect(found.map(\.version) == ["2.0", "3.0.0"])
        #expect(found.map(\.sha256?.hex) == [sha256, sha256])
        #expect(found[0].location == address)
        #expect(
            problems("# pip a @ https://wheels.example/a-1.tar.gz#sha256=\(sha256)").contains(
                "line 2: the Python package 'a' is a source archive"))
        #expect(problems("# pip a @ git+https://h/a@main").contains("is taken from a repository"))
        #expect(
            problems("# pip b @ https://h/a-1-py3-none-any.whl").contains("the name is 'b', but the file"))
    }

    @Test("without the line @EXPLICIT is told what is missing")
    func unmarked() {
        let found = Foreign.problems("# list\n\(forge)/noarch/a-1-0.conda\n")
        #expect(found.contains("line 2: it lists addresses, but no line of it is @EXPLICIT"))
        #expect(Foreign.problems("\n# nothing\n").hasSuffix("it is empty"))
        #expect(Foreign.problems("").hasSuffix("it is empty"))
        #expect(Foreign.problems("python=3.10\nnumpy\n").contains("it is none of the locks"))
    }

    @Test("of nothing is a list of nothing")
    func empty() throws {
        #expect(try packages().isEmpty)
    }
}
