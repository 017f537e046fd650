import Conda
import Digests
import TestSupport
import Testing

@Suite("What match specs match")
struct MatchSpecMatchingTests {
    private static let record: PackageRecord = {
        var record = PackageRecord(
            name: "zlib", version: "1.2.13", build: "hd590300_5", buildNumber: 5, subdir: "linux-64",
            filename: "zlib-1.2.13-hd590300_5.conda")
        record.channel = "https://h.example/x/conda-forge"
        record.url = "https://h.example/x/conda-forge/linux-64/zlib-1.2.13-hd590300_5.conda"
        record.md5 = String(repeating: "0a", count: 16)
        record.sha256 = SHA256Digest(hex: String(repeating: "0b", count: 32))
        record.license = "Zlib"
        record.licenseFamily = "Other"
        record.trackFeatures = ["b", "a"]
        record.features = "x y"
        record.flags = ["cuda", "blas:mkl"]
        return record
    }()

    @Test(arguments: [
        "zlib", "ZLIB", "z*", "*", "^z.*b$", "zlib 1.2.13", "zlib=1.2.13=hd590300_5", "zlib 1.2.* h*_5",
        "zlib * HD590300_5",
        "zlib[build='^hd[0-9]+_[45]$']", "zlib[build_number=5]", "zlib[build_number='>=5']",
        "zlib[build_number='5*']",
        "zlib[build_number='!=4']", "conda-forge::zlib", "conda-forge/linux-64::zlib", "x/conda-forge::zlib",
        "https://h.example/x/conda-forge::zlib", "https://h.example/x/conda-forge/linux-64::zlib",
        "*-forge::zlib", "zlib[channel='^https:.*/conda-[a-z]*$']", "zlib[subdir='linux-*']",
        "zlib[md5=0A0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a]",
        "zlib[sha256=" + String(repeating: "0b", count: 32) + "]",
        "zlib[license=zlib]", "zlib[license_family=o*]", "zlib[track_features='a b']", "zlib[features='y,x']",
        "zlib[flags=[cuda]]", "zlib[flags=['blas:*', cuda]]", "zlib[fn='zlib-*']",
        "zlib[when=other,extras=[x]]",
        "https://h.example/x/conda-forge/linux-64/zlib-1.2.13-hd590300_5.conda",
        "https://h.example/x/conda-forge/linux-64/zlib-1.2.13-hd590300_5.conda#0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
        "https://h.example/x/conda-forge/linux-64/zlib-1.2.13-hd590300_5.conda#sha256:"
            + String(repeating: "0b", count: 32),
    ])
    func matches(_ text: String) throws {
        let spec = try MatchSpec(text)
        #expect(spec.matches(Self.record))
        #expect(try spec.matches(Self.record, version: CondaVersion("1.2.13")))
    }

    @Test(arguments: [
        "zlib-ng", "lib*", "^z$", "zlib 1.2.1", "zlib 1.2.13 hd590300_4", "zlib * h_*",
        "zlib[build_number=4]",
        "zlib[build_number='<5']", "zlib[build_number='1*']", "forge::zlib", "defaults::zlib",
        "conda-forge/noarch::zlib",
        "https://h.example/conda-forge::zlib", "https://other.example/x/conda-forge::zlib", "x-*::zlib",
        "zlib[subdir='osx-*']", "zlib[md5=1a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a]",
        "zlib[sha256=" + String(repeating: "1b", count: 32) + "]", "zlib[license=MIT]",
        "zlib[license_family=MIT]",
        "zlib[track_features=a]", "zlib[features=x]", "zlib[flags=[rocm]]", "zlib[flags=[cuda,mkl]]",
        "zlib[fn=zlib]",
        "https://h.example/x/conda-forge/linux-64/zlib-1.2.13-hd590300_5.tar.bz2",
        "https://h.example/x/conda-forge/linux-64/zlib-1.2.13-hd590300_5.conda#1a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
    ])
    func doesNotMatch(_ text: String) throws {
        #expect(try !MatchSpec(text).matches(Self.record))
    }

    @Test func whatARecordDoesNotStateIsNotWhatIsAskedFor() throws {
        let bare = PackageRecord(
            name: "a", version: "1", build: "0", buildNumber: 0, subdir: "noarch", filename: "a-1-0.conda")
        for key in [
            "license=MIT", "md5=" + String(repeating: "0", count: 32), "channel=x", "url=y", "flags=z",
        ] {
            #expect(try !MatchSpec("a[\(key)]").matches(bare), "\(key)")
        }
        #expect(try MatchSpec("a").matches(bare))
    }

    @Test func aVersionThatIsNoneMatchesOnlyAnyVersion() throws {
        let odd = PackageRecord(
            name: "a", version: "not a version", build: "0", buildNumber: 0, subdir: "noarch", filename: "")
        #expect(try MatchSpec("a").matches(odd) && MatchSpec("a * 0").matches(odd))
        #expect(try !MatchSpec("a >=0").matches(odd) && !MatchSpec("a !=1").matches(odd))
    }

    @Test(arguments: [
        "zlib=1.2.13=h1_0", "zlib =1.2.13=h1_0", "zlib==1.2.13=h1_0", "zlib 1.2.13 h1_0", "zlib =1.2.13 h1_0",
        "ZLIB[version=1.2.13,build=h1_0]", "x::zlib 1.2.13 h1_0",
        "https://h.example/noarch/zlib-1.2.13-h1_0.conda",
        "/a b/../c/zlib-1.2.13-h1_0.tar.bz2".replacing("a b", with: "a"),
    ])
    func namesExactlyOneBuild(_ text: String) throws {
        let pin = try #require(try MatchSpec(text).exactPin)
        #expect(pin.name == "zlib" && pin.version == "1.2.13" && pin.build == "h1_0")
    }

    @Test(arguments: [
        "zlib", "zlib 1.2.13", "zlib=1.2.13", "zlib 1.2.* h1_0", "zlib=1.2.13=h1_*", "zlib >=1.2.13 h1_0",
        "zlib * h1_0",
        "z* 1.2.13 h1_0", "zlib=1.2.13=*", "zlib 1.2.13 ^h1_0$",
    ])
    func namesMoreThanOneBuild(_ text: String) throws {
        #expect(try MatchSpec(text).exactPin == nil)
    }

    @Test func namesVirtualPackagesAndExactNames() throws {
        #expect(try MatchSpec("__glibc >=2.17").isVirtual && !MatchSpec("_x").isVirtual)
        #expect(try MatchSpec("NumPy 1").exactName == "numpy" && MatchSpec("num*").exactName == nil)
    }

    @Test func readsTheEntriesOfADictionary() throws {
        #expect(try MatchSpec(name: "foo", rest: "") == MatchSpec("foo"))
        #expect(try MatchSpec(name: "foo", rest: " * ") == MatchSpec("foo"))
        #expect(try MatchSpec(name: "foo", rest: ">=1,<2 py*") == MatchSpec("foo >=1,<2 py*"))
        #expect(try MatchSpec(name: "foo", rest: "==1.2=h_0") == MatchSpec("foo 1.2 h_0"))
        for name in ["", "foo bar", "fo*", "a::foo", "foo[version=1]", "foo "] {
            #expect(throws: CondaError.self, "\(name)") { try MatchSpec(name: name, rest: "1") }
        }
    }

    @Test(arguments: [
        "https://user:secret@h.example/ch::foo", "https://h.example/t/secret/ch::foo",
        "foo[channel='https://secret@h.example/ch']", "foo[url=https://secret:@h.example/t/secret/x]",
        "https://u:secret@h.example/t/secret/noarch/foo-1-0.conda",
        "https://u:secret@h.example:99/t/secret/ch/::foo 1..2",
        "foo 1..2[channel=\"https://secret@h.example\"]",
    ])
    func keepsNoCredentials(_ text: String) {
        do {
            let spec = try MatchSpec(text)
            let shown = [spec.description, spec.channel?.text ?? "", spec.url?.text ?? ""].joined(
                separator: " ")
            #expect(!shown.contains("secret"))
            #expect(spec.description.contains("https://h.example/"))
        } catch {
            #expect(error.text.contains("h.example") && !error.description.contains("secret"))
        }
    }

    @Test func conditionsHoldAsTheirSpecsAreMet() throws {
        let condition = try #require(try MatchSpec("foo[when='(a or b>=2) and __unix']").condition)
        func holds(_ met: String...) -> Bool { condition.holds { met.contains($0.name.text) } }
        #expect(holds("a", "__unix") && holds("b", "__unix") && holds("a", "b", "__unix"))
        #expect(!holds("a", "b") && !holds("__unix") && !holds())
    }
}
