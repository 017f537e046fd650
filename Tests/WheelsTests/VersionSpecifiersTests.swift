import Testing
import Wheels

@Suite("PEP 440 specifiers")
struct VersionSpecifiersTests {
    @Test(
        "contain",
        arguments: [
            ("", "1.0"), ("==1.0", "1.0.0"), ("==1.0", "1.0+cu121"), ("==1.0+cu121", "1.0+cu121"),
            ("==1.*", "1.dev1"), ("==1.0.*", "1"), ("==1.4.*", "1.4.2.post1"), ("!=1.4.*", "1.5"),
            ("~=2.2", "2.9"), ("~=2.2.0", "2.2.7"), ("~=1.4.5a4", "1.4.5a4"), (">=1.0", "1.0+local"),
            ("<=1.0", "1.0+local"), ("<1.0rc2", "1.0rc1"), ("<1.0.post1", "1.0"), (">1.0", "1.0.1"),
            (">1.0.post1", "1.0.post2"), (">1.0a1", "1.0"), (">1.0.dev1", "1.0a1"), ("===1.0", "1.0"),
            ("!=1.0", "1.1"), (">= 1 , < 2 ,", "1.5"), ("==1!1.*", "1!1.3"), ("== v1.0", "1.0"),
        ])
    func contains(text: String, candidate: String) throws {
        #expect(try specifiers(text).contains(version(candidate)))
    }

    @Test(
        "do not contain",
        arguments: [
            ("==1.0+cu121", "1.0"), ("==1.0", "1.0.post1"), ("==1.1.*", "1.10"), ("!=1.0", "1.0+local"),
            ("~=2.2", "3.0"), ("~=2.2.0", "2.3"), ("<1.0", "1.0rc1"), ("<1.0", "1.0.dev0"),
            ("<1.0.post1", "1.0.post1.dev0"), (">1.0", "1.0.post1"), (">1.0", "1.0+local"),
            (">1.0.post1", "1.0.post1+local"), (">1.0.dev1", "1.0.dev1+local"), ("===1.0", "1.0.0"),
            (">=1,<2", "2.0"), ("==1.*", "1!1.3"), ("===wild", "1.0"),
        ])
    func excludes(text: String, candidate: String) throws {
        #expect(try !specifiers(text).contains(version(candidate)))
    }

    @Test(
        "are refused",
        arguments: [
            "1.0", "=1.0", "== ", "==1.0.*.*", ">=1.*", "~=1", "~=1.*", "==1.0a1.*", "==1.0+l.*",
            ">=1.0+local",
            "<abc", "==1.0 2.0", "===", "===a b", ">=3.6.*", "==1.0;", ">1,foo", "==*", "> = 1",
        ])
    func refuses(text: String) {
        #expect(reason { () throws(WheelError) in try VersionSpecifiers(text) } != nil)
    }

    @Test func theSentenceNamesClauseAndCause() {
        #expect(
            reason { () throws(WheelError) in try VersionSpecifiers(">=2,~=1") }
                == "the version specifier '~=1' is refused: '~=' wants two release numbers at least, such as ~=1.4"
        )
    }

    @Test func prereleasesAreTakenOnlyWhereAskedForOrAlone() throws {
        let versions = try ["1.0", "1.1rc1", "1.1.dev0", "0.9"].map { try version($0) }
        func kept(_ text: String, _ prereleases: Bool? = nil) throws -> [String] {
            try specifiers(text).filter(versions, prereleases: prereleases).map(\.description)
        }
        #expect(try kept("") == ["1.0", "0.9"])
        #expect(try kept(">=1.0") == ["1.0"])
        #expect(try kept(">=1.0rc1") == ["1.0", "1.1rc1", "1.1.dev0"])
        #expect(try kept(">1.0") == ["1.1rc1", "1.1.dev0"])
        #expect(try kept(">1.0", false) == [])
        #expect(try kept(">=1.0", true) == ["1.0", "1.1rc1", "1.1.dev0"])
        #expect(try !specifiers("!=1.1rc2,==1.*").namesPrerelease)
        #expect(try specifiers(">=1.0").contains(version("1.1rc1")))
        #expect(try !specifiers(">=1.0rc1").contains(version("1.1rc1"), prereleases: false))
    }

    @Test func aPinIsALoneExactVersion() throws {
        #expect(try specifiers("==1.5.0").pin == version("1.5"))
        #expect(try specifiers("===1.5").pin == version("1.5"))
        for text in ["", "==1.*", ">=1", "==1,==1.0", "===wild"] { #expect(try specifiers(text).pin == nil) }
    }

    @Test func equalSetsAreWrittenAlike() throws {
        #expect("\(try specifiers(" >= 2.1 ,<3, >=2.1"))" == "<3,>=2.1")
        #expect(try specifiers(">=1,<2") == specifiers("<2.0,>=1.0"))
        #expect(try specifiers("~=1.4") != specifiers("~=1.4.0"))
        #expect(try specifiers("==1.*") != specifiers("==1.0.*"))
    }
}
