import Bundle
import ELF
import Failures
import Install
import TestSupport
import Testing

@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct HostRequirementsTests {
    let landing = Landing()
    static let host = HostDescription(
        machine: "x86_64", glibc: SymbolVersion(2, 36), libc: "/lib64/libc.so.6")

    struct Need: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var kind = FailureKind.hostRequirements
        var host = HostRequirementsTests.host
        let says: [String]
        var manifest: @Sendable (inout Manifest) -> Void = { _ in }
    }

    static let unmet = [
        Need(
            testDescription: "another processor",
            host: .init(machine: "aarch64", glibc: host.glibc, libc: host.libc),
            says: ["x86_64", "aarch64"]),
        Need(
            testDescription: "an older C library",
            host: .init(machine: "x86_64", glibc: SymbolVersion(2, 34), libc: "/lib64/libc.so.6"),
            says: ["glibc 2.35 or later", "glibc 2.34"], manifest: { $0.target.glibc = "2.35" }),
        Need(
            testDescription: "numbers and not text",
            host: .init(machine: "x86_64", glibc: SymbolVersion(2, 9), libc: "x"),
            says: ["2.28", "2.9"], manifest: { $0.target.glibc = "2.28" }),
        Need(
            testDescription: "no C library of this kind",
            host: .init(machine: "x86_64", glibc: nil, libc: nil),
            says: ["no glibc"], manifest: { $0.target.glibc = "2.28" }),
        Need(
            testDescription: "a version that nobody knows", says: ["C library", "two"],
            manifest: { $0.target.glibc = "two" }),
        Need(
            testDescription: "a prefix that is too long", kind: .targetInTheWay,
            says: ["at most 10 bytes", "shorter prefix"], manifest: { $0.target.longestPrefix = 10 }),
        Need(
            testDescription: "space that no disk has", kind: .inputOutput, says: ["free space"],
            manifest: { $0.target.bytes = 1 << 60 }),
        Need(
            testDescription: "more inodes than there are", kind: .inputOutput, says: ["free inodes"],
            manifest: { $0.target.inodes = Int(Int32.max) }),
    ]

    @Test(arguments: unmet) func `what is not met is told before anything is written`(_ need: Need) throws {
        let bundle = try landing.bundle(bytecode: .target) { $0.editManifest = need.manifest }
        let plan = try InstallPlan.make(bundle, landing.request(), host: need.host)
        #expect(plan.requirements.filter { !$0.met }.count == 1)
        for error in [failure { try plan.check() }, failure { _ = try plan.apply() }] {
            #expect(error?.kind == need.kind)
            for word in need.says {
                #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
            }
        }
        #expect(try landing.neighbours == [])
    }

    @Test func `a host that offers more is welcome`() throws {
        let bundle = try landing.bundle {
            let length = landing.prefix.utf8.count
            $0.editManifest = {
                $0.target.glibc = "2.28"
                $0.target.longestPrefix = length
            }
        }
        for glibc in [SymbolVersion(2, 28), SymbolVersion(2, 100), SymbolVersion(3, 0)] {
            let host = HostDescription(machine: "x86_64", glibc: glibc, libc: "x")
            let plan = try InstallPlan.make(bundle, landing.request(), host: host)
            #expect(plan.requirements.filter { !$0.met } == [])
            try plan.check()
        }
        #expect(try landing.neighbours == [], "planning writes nothing")
    }

    @Test func `all that is not met is told together`() throws {
        let bundle = try landing.bundle {
            $0.editManifest = {
                $0.target.glibc = "2.28"
                $0.target.longestPrefix = 1
            }
        }
        let plan = try InstallPlan.make(
            bundle, landing.request(), host: .init(machine: "riscv64", glibc: nil, libc: nil))
        let error = #expect(throws: FailureList.self) { try plan.check() }
        #expect(error?.failures.count == 3)
        #expect(error?.kind == .hostRequirements)
    }

    struct Impossible: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let apply: @Sendable (inout Manifest) -> Void

        init(_ description: String, _ apply: @escaping @Sendable (inout Manifest) -> Void) {
            testDescription = description
            self.apply = apply
        }
    }

    static let impossible = [
        Impossible("bytes without end") { $0.target.bytes = .max },
        Impossible("bytes of which a quarter more is too much") { $0.target.bytes = .max / 5 * 4 + 1 },
        Impossible("inodes below zero") { $0.target.inodes = -1 },
        Impossible("inodes without end") { $0.target.inodes = .max },
        Impossible("a longest prefix below zero") { $0.target.longestPrefix = -1 },
        Impossible("installed files below zero") { $0.archives[0].installed.files = .min },
        Impossible("installed bytes without end") { $0.archives[0].installed.bytes = .max },
        Impossible("a C library in control characters") { $0.target.glibc = "2.\u{1b}[2J" },
    ]

    @Test(arguments: impossible) func `a manifest that asks for the impossible is refused when it is read`(
        _ hostile: Impossible
    ) throws {
        var manifest = try landing.bundle().manifest
        #expect(try Manifest.decode(manifest.encoded(), subject: "b.sh") == manifest)
        hostile.apply(&manifest)
        let error = failure { _ = try Manifest.decode(manifest.encoded(), subject: "b.sh") }
        #expect(error?.kind == .damaged)
        #expect(error?.description.contains("its manifest is refused") == true)
    }

    @Test func `this machine is described`() throws {
        let host = HostDescription.current()
        #expect(try run(["uname", "-m"], in: "/").output == host.machine + "\n")
        if let glibc = host.glibc {
            #expect(try run(["getconf", "GNU_LIBC_VERSION"], in: "/").output == "glibc \(glibc)\n")
        }
    }
}
