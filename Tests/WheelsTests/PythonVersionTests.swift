import Testing
import Wheels

@Suite("PEP 440 versions")
struct PythonVersionTests {
    @Test(
        "each spelling has one normal form",
        arguments: [
            ("1.0", "1.0"), ("v1.0-RC.1", "1.0rc1"), ("1.0a-", "1.0a0"), ("1.0a--1", "1.0a0.post1"),
            ("1.0.post", "1.0.post0"), ("1.0-r4", "1.0.post4"), ("1.0rev", "1.0.post0"),
            ("1.0_dev", "1.0.dev0"), ("1.0c1", "1.0rc1"), ("1.0preview3", "1.0rc3"),
            ("1.0alpha2", "1.0a2"), ("1.0-BETA-2", "1.0b2"), ("1.0a1-1", "1.0a1.post1"),
            ("1.0+a.b-C_007", "1.0+a.b.c.7"), ("1!2", "1!2"), (" 0020.01 ", "20.1"),
            ("1.0a.post1.dev", "1.0a0.post1.dev0"), ("1.0+0", "1.0+0"), ("0!1", "1"),
        ])
    func normalises(spelling: String, normal: String) throws {
        #expect("\(try version(spelling))" == normal)
        #expect("\(try version(normal))" == normal)
    }

    @Test(
        "is refused",
        arguments: [
            "", "!1", "1.", "1..0", "1.0 .1", "1.0-", "1.0+", "1.0-1-1", "1.0.-1", "1.0+a..b", "1.0+ä",
            "abc", "1.0x", "1.0\0", "1.0a1__1", "١.٠", "99999999999999999999", "1.0.*", "1!", "latest",
        ])
    func refuses(text: String) {
        #expect(reason { () throws(WheelError) in try PythonVersion(text) } != nil)
    }

    /// "Summary of permitted suffixes and relative ordering", and the local versions.
    static let ascending = [
        "0.dev0", "1.dev0", "1.0.dev456", "1.0a1.dev1", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12",
        "1.0b1.dev456", "1.0b2", "1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", "1.0",
        "1.0+abc.5", "1.0+abc.7", "1.0+5", "1.0+5.a", "1.0+99999999999999999999999",
        "1.0.post456.dev34", "1.0.post456", "1.0.1", "1.0.20240101", "1.1.dev1", "1.1", "1.262143.2",
        "1.262144.1", "1.999999999.0", "2026.11.21", "9999999", "9999999.1", "1!0.1",
    ]

    @Test func orderIsThatOfThePEP() throws {
        let versions = try Self.ascending.map { try version($0) }
        for (index, lower) in versions.enumerated() {
            for higher in versions[(index + 1)...] {
                #expect(lower < higher, "\(lower) < \(higher)")
                #expect(!(higher < lower) && lower != higher)
            }
        }
        #expect(versions.reversed().sorted() == versions)
    }

    @Test(
        "are equal",
        arguments: [
            ("1", "1.0.0"), ("1.0", "1.0.0.0.0"), ("1.0+07", "1.0+7"), ("1.0-1", "1.0.post1"),
            ("1rc1", "1.0c1"),
        ])
    func equal(a: String, b: String) throws {
        let (first, second) = (try version(a), try version(b))
        #expect(first == second)
        #expect(first.hashValue == second.hashValue)
        #expect(!(first < second) && !(second < first))
    }

    @Test func partsCanBeAsked() throws {
        let rich = try version("1!2.3rc4.post5.dev6+ubuntu.7")
        #expect(rich.epoch == 1 && rich.release == [2, 3] && rich.post == 5 && rich.dev == 6)
        #expect(rich.pre?.phase == .candidate && rich.pre?.number == 4)
        #expect(rich.local == "ubuntu.7" && "\(rich.publicVersion)" == "1!2.3rc4.post5.dev6")
        #expect(rich.isPrerelease && rich.isPostrelease)
        let plain = PythonVersion(3, 12)
        #expect(plain == (try version("3.12")) && !plain.isPrerelease && plain.local == nil)
        #expect(plain.major == 3 && plain.minor == 12 && plain.micro == 0)
    }
}
