import Bundle
import Digests
import Files
import Glibc
import Synchronization
import TestSupport
import Testing

/// A bundle is what its own spec and lock give, or it is said what differs.
@Suite struct RebuildTests {
    private let scratch = TemporaryDirectory()

    private func rebuild(
        _ bundle: String, _ arguments: String..., environment: [String: String] = [:],
        through wrapper: [String] = []
    ) throws -> Outcome {
        _ = try Directory.create(scratch.path + "/work")
        return try run(
            wrapper + [Product.airlift, "rebuild", "--check", bundle] + arguments, in: scratch.path + "/work",
            environment: ["HOME": scratch.path, "TMPDIR": scratch.path + "/work"].merging(environment) { $1 })
    }

    private func isLeftClean() throws -> Bool { try Tree.names(scratch.path + "/work").isEmpty }

    @Test func everythingWithAnAddressIsFetchedAgain() throws {
        let flown = try Shared.whole()
        // Under another name, and without the directory that it was cut in.
        let bundle = try scratch.write("carried.sh", Tree.bytes(flown.bundle))
        let ran = try rebuild(bundle)
        #expect(ran.code == 0, "\(ran.words)")
        #expect(ran.output.contains("carried.sh is what its spec and lock give, to the byte."))
        #expect(
            ran.output.contains(
                "3 archives: 2 fetched again, 1 taken from the bundle (cpython-linux-64.tar.zst)."),
            "\(ran.output)")
        #expect(ran.output.contains("The installer was taken from the bundle and is not checked"))
        #expect(try isLeftClean())
    }

    @Test func aCapturedInterpreterIsTakenFromTheBundle() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.scratch.write("payroll/requirements.txt", "greeter==1.0\nshouter==2.0\n")
        try workshop.scratch.write("payroll/LICENSE", "As you like.\n")
        try workshop.spec(
            index: index.url, requirements: ["-r requirements.txt"], python: "capture = \"/usr/bin/python3\"",
            more: "[install]\nbytecode = \"bundle\"\nlicense = \"LICENSE\"")
        let bundle = try workshop.cut()
        try workshop.scratch.directory().removeTree(RelativePath("payroll"))
        let ran = try rebuild(bundle)
        #expect(ran.code == 0, "\(ran.words)")
        #expect(ran.output.contains("1 taken from the bundle (cpython-"), "\(ran.output)")
        #expect(ran.errors.contains("the spec names files that no bundle carries"), "\(ran.errors)")
    }

    @Test func localFilesComeFromTheBundle() throws {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        let local = try WheelBuilder("local-tool", "3.0").write(to: workshop.scratch, below: "payroll/dist")
        try workshop.scratch.write("payroll/run.sh", "#!/bin/sh\n", permissions: 0o755)
        try workshop.scratch.write("payroll/größe.toml", "a = 1\n")
        try workshop.condaSpec(
            channels: [channel.path], dependencies: channel.pins,
            requirements: ["./dist/\(local.filename)"],
            more: """
                [files]
                "bin/run" = "run.sh"
                "etc/größe.toml" = "größe.toml"
                "etc/again.toml" = "größe.toml"
                """)
        let bundle = try workshop.cut()
        try workshop.scratch.directory().removeTree(RelativePath("payroll"))
        let ran = try rebuild(bundle)
        #expect(ran.code == 0, "\(ran.words)")
        #expect(!ran.output.contains("fetched again") && ran.output.contains(local.filename), "\(ran.output)")
    }

    @Test(.enabled(if: Machine.mayMount, "this needs a network of its own"))
    func offlineTheBundleIsEnough() throws {
        let bundle = try Shared.whole().bundle
        let ran = try rebuild(bundle, "--offline", through: ["unshare", "-n"])
        #expect(ran.code == 0 && ran.output.contains("3 taken from the bundle"), "\(ran.words)")
        // The twin: without the option the index is asked.
        let asking = try rebuild(bundle, through: ["unshare", "-n"])
        #expect(asking.code == 9, "\(asking.words)")
        #expect(try isLeftClean())
    }

    @Test func theUsersStoreServesWhereItIsNamed() throws {
        let flown = try Shared.light()
        let before = try Tree.listing(flown.workshop.cache)
        let ran = try rebuild(flown.bundle, "--cache", flown.workshop.cache)
        #expect(ran.code == 0 && ran.output.contains("2 taken from the store"), "\(ran.words)")
        #expect(try Tree.listing(flown.workshop.cache) == before)
    }

    @Test func theInstallerIsComparedWhereItIsNamed() throws {
        let bundle = try Shared.light().bundle
        let same = try rebuild(bundle, "--installer", try Product.installer)
        #expect(same.code == 0 && !same.output.contains("not checked"), "\(same.words)")
        let other = try scratch.write("another", Tree.bytes(try Product.installer) + [0x41])
        let ran = try rebuild(bundle, "--installer", other)
        #expect(ran.code == 1, "\(ran.words)")
        let findings = ran.output.split(separator: "\n").filter { $0.hasPrefix("  ") }
        #expect(findings.first?.hasPrefix("  installer 'airlift/installer-linux-64': ") == true)
        // The lists of components name the installer, and nothing else differs.
        #expect(findings.dropFirst().allSatisfy { $0.hasPrefix("  sbom ") }, "\(ran.output)")
    }

    @Test func theNewBundleIsKeptWhereAsked() throws {
        let bundle = try Shared.light().bundle
        let kept = try run(
            [Product.airlift, "rebuild", "--output", "again.sh", bundle], in: scratch.path,
            environment: ["HOME": scratch.path])
        #expect(kept.code == 0, "\(kept.words)")
        #expect(try Tree.digest(scratch.path + "/again.sh") == Tree.digest(bundle))
        #expect(access(scratch.path + "/again.sh", X_OK) == 0)
        let aimless = try run([Product.airlift, "rebuild", bundle])
        #expect(aimless.code == 2 && aimless.errors.contains("--check"), "\(aimless.words)")
    }

    @Test func upstreamIsNotWhatItWas() throws {
        let state = Mutex("as it was")
        let index = ToyIndex(first: { request in
            guard request.path.hasSuffix("shouter-2.0-py3-none-any.whl") else { return nil }
            switch state.withLock({ $0 }) {
            case "replaced": return .ok(Array("other bytes".utf8))
            case "gone": return .status(404)
            default: return nil
            }
        })
        let workshop = try Workshop()
        try workshop.spec(index: index.url)
        let bundle = try workshop.cut()
        state.withLock { $0 = "replaced" }
        let replaced = try rebuild(bundle)
        #expect(replaced.code == 1, "\(replaced.words)")
        #expect(
            replaced.output.contains("upstream 'shouter-2.0-py3-none-any.whl': \(index.server.url)"),
            "\(replaced.output)")
        #expect(replaced.output.split(separator: "\n").count { $0.hasPrefix("  ") } == 1)
        state.withLock { $0 = "gone" }
        let gone = try rebuild(bundle)
        #expect(gone.code == 0, "\(gone.words)")
        #expect(gone.errors.contains("'shouter-2.0-py3-none-any.whl' was taken from the bundle"))
        state.withLock { $0 = "as it was" }
        #expect(try rebuild(bundle).code == 0)
    }

    @Test func whatAPolicySaidIsJudgedAgain() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.spec(index: index.url, more: "[policy]\nallow = [\"Zlib\"]")
        let company = try workshop.scratch.write("company.toml", "max_archive_size = \"100 B\"\n")
        func cut(_ more: [String]) throws -> String {
            let ran = try run(
                [Product.airlift, "cut", workshop.project, "--output", workshop.path + "/dist", "--replace"]
                    + ["--calver", "2026.11.21", "--report-only"] + more, environment: workshop.environment)
            #expect(ran.code == 0, "\(ran.words)")
            return workshop.path + "/dist/payroll-2026.11.21-linux-64.sh"
        }
        let own = try rebuild(cut([]))
        #expect(own.code == 0 && !own.errors.contains("violations"), "\(own.words)")
        let further = try rebuild(cut(["--policy", company]))
        #expect(further.code == 0, "\(further.words)")
        #expect(further.errors.contains("are of a policy that no bundle brings"), "\(further.errors)")

        var tampered = try Tampered(workshop.path + "/dist/payroll-2026.11.21-linux-64.sh")
        tampered.manifest.policy = nil
        let hidden = try rebuild(tampered.write(to: scratch))
        #expect(hidden.code == 1, "\(hidden.words)")
        #expect(hidden.output.contains("  manifest 'policy': the policy in its spec"), "\(hidden.output)")
    }

    @Test func aDamagedBundleIsNotCompared() throws {
        var bytes = try Tree.bytes(Shared.light().bundle)
        bytes[bytes.count / 2] ^= 1
        let ran = try rebuild(try scratch.write("damaged.sh", bytes))
        #expect(ran.code == 3, "\(ran.words)")
    }

    /// A bundle in which one thing was changed, and how the finding begins.
    struct Change: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let finding: String
        let make: @Sendable (inout Tampered) -> Void

        init(_ what: String, _ finding: String, _ make: @escaping @Sendable (inout Tampered) -> Void) {
            testDescription = what
            self.finding = finding
            self.make = make
        }
    }

    private static let shouter = "archives/wheels/shouter-2.0-py3-none-any.whl"

    static let changes = [
        Change("the generator", "generator 'generator': another version cut it") {
            $0.manifest.generator = "airlift 9.9.9"
        },
        Change("the stub", "stub 'stub': the shell text at its start") {
            $0.stub = $0.stub.replacing("@PADDING@", with: "@PADDING@\ntouch /tmp/never")
        },
        Change("a wheel", "archive '\(shouter)': the bundle carries other bytes") {
            let other = WheelBuilder("shouter", "2.0", files: [.init("shouter/__init__.py", "import os\n")])
            $0.replace(shouter, with: other.bytes)
        },
        Change("the lock's text", "lock 'airlift/lock.yml': its text is not the one") {
            $0.edit("airlift/lock.yml") { $0 + "# a remark\n" }
        },
        Change("the lock's meaning", "manifest 'archives[\(shouter)].requested': the lock asks for it") {
            $0.edit("airlift/lock.yml") {
                $0.replacing("requested: greeter shouter", with: "requested: greeter")
                    .replacing("requested: \"greeter shouter\"", with: "requested: greeter")
                    .replacing("requested: 'greeter shouter'", with: "requested: greeter")
            }
        },
        Change("the spec", "manifest 'summary': the spec says otherwise") {
            $0.edit("airlift/spec.toml") { $0.replacing("Payroll services", with: "Payroll server") }
        },
        Change("a further entry", "entry 'airlift/extra.txt': nothing of spec and lock leads to") {
            $0.entries["airlift/extra.txt"] = [0x61]
        },
        Change("byte code", "bytecode 'derived/bytecode/shouter.tar': nothing of spec and lock") {
            $0.entries["derived/bytecode/shouter.tar"] = [0x61]
        },
        Change("a list of components", "sbom 'airlift/sbom.spdx.json': its list of components is not the one")
        {
            $0.entries["airlift/sbom.spdx.json"] = Array("{}".utf8)
        },
        Change("a licence", "manifest 'archives[\(shouter)].license': the package states its licence") {
            $0.manifest.archives[1].license = "Nobody-1.0"
        },
        Change("a hook", "manifest 'archives[\(shouter)].hooks': it tells of other code") {
            $0.manifest.archives[1].hooks = ["lib/python3.11/site-packages/x.pth"]
        },
        Change("the C library", "manifest 'target.glibc': it asks more or less of a host") {
            $0.manifest.target.glibc = "2.1"
        },
        Change("what may change", "manifest 'install.state': it installs in another way") {
            $0.manifest.install.state = ["lib"]
        },
        Change("the order", "manifest 'archives (order)': its packages are installed in another order") {
            $0.manifest.archives.reverse()
        },
        Change("the environment id", "manifest 'environment': it installs another environment") {
            $0.manifest.environment = SHA256.hash("another")
        },
        Change("what a policy said", "manifest 'policy.violations': the policy in its spec") {
            $0.edit("airlift/spec.toml") { $0 + "\n[policy]\nallow = [\"Zlib\"]\n" }
            $0.manifest.policy = PolicyReport(evaluated: "2026-11-21", violations: [])
        },
        Change("the interpreter", "manifest 'python.abi': the interpreter is described otherwise") {
            $0.manifest.python.abi = "cp39"
        },
    ]

    @Test(arguments: changes)
    func whatWasTamperedWithIsNamed(_ change: Change) throws {
        var tampered = try Tampered(Shared.light().bundle)
        // As it is, it is the same bundle: what follows is of the change alone.
        let untouched = try tampered.write(to: scratch)
        #expect(try Tree.digest(untouched) == Tree.digest(Shared.light().bundle))
        change.make(&tampered)
        let bundle = try tampered.write(to: scratch)
        #expect(try run([Product.airlift, "verify", bundle]).code == 0)
        let ran = try rebuild(bundle)
        #expect(ran.code == 1, "\(ran.words)")
        #expect(ran.output.contains("is not what its spec and lock give:"))
        #expect(ran.output.contains("\n  \(change.finding)"), "\(ran.output)")
    }

    @Test func whatIsMissingIsNamed() throws {
        let workshop = try Workshop()
        let local = try WheelBuilder("local-tool", "3.0").write(to: workshop.scratch, below: "payroll/dist")
        try workshop.scratch.write("payroll/a.toml", "a = 1\n")
        try workshop.spec(
            requirements: ["./dist/\(local.filename)"], more: "[files]\n\"etc/a.toml\" = \"a.toml\"")
        let bundle = try workshop.cut()
        let path = "archives/wheels/\(local.filename)"

        var other = try Tampered(bundle)
        other.replace(path, with: WheelBuilder("local-tool", "3.0", files: [.init("x.py", "x\n")]).bytes)
        let replaced = try rebuild(other.write(to: scratch))
        #expect(replaced.code == 1, "\(replaced.words)")
        #expect(replaced.output.contains("  archive '\(path)': the lock names it with the SHA-256 "))

        var lacking = try Tampered(bundle)
        lacking.manifest.files = []
        lacking.archives["archives/files/etc/a.toml"] = nil
        let missing = try rebuild(lacking.write(to: scratch))
        #expect(missing.code == 1, "\(missing.words)")
        #expect(
            missing.output.contains("  file 'archives/files/etc/a.toml': the spec names 'a.toml'"),
            "\(missing.output)")
    }

    @Test func theDocumentSaysTheSame() throws {
        var tampered = try Tampered(Shared.light().bundle)
        tampered.manifest.summary = "Somebody's"
        let bundle = try tampered.write(to: scratch)
        let ran = try rebuild(bundle, "--json")
        #expect(ran.code == 1, "\(ran.words)")
        struct Document: Decodable {
            struct Difference: Decodable { let kind, subject, bundle, rebuilt, meaning: String }
            struct Archive: Decodable { let filename, from, sha256: String }
            let airlift_rebuild: Int
            let equal: Bool
            let installer, digest, rebuilt: String
            let archives: [Archive]
            let differences: [Difference]
            let remarks: [String]
        }
        let document = try CanonicalJSON.decode(Document.self, from: ran.bytes)
        #expect(document.airlift_rebuild == 1 && !document.equal && document.installer == "bundle")
        #expect(document.digest != document.rebuilt)
        #expect(document.archives.map(\.from) == ["network", "network"])
        #expect(document.differences.first?.subject == "summary")
        #expect(document.differences.first?.bundle == "Somebody's")
        #expect(document.differences.first?.rebuilt == "Payroll services")
        let page = try Tree.text(Product.root + "/docs/audit-json.md")
        for part in ran.output.split(separator: "\"")
        where part.allSatisfy({ $0.isLowercase || $0 == "_" }) && ran.output.contains("\"\(part)\":") {
            #expect(page.contains("`\(part)`"), "\(part)")
        }
    }

    /// What others wrote into a bundle gets no secret of the person who looks at it.
    @Test func variablesOfTheProcessStayHere() throws {
        let asked = Mutex<[String]>([])
        let index = ToyIndex(first: { request in
            asked.withLock { $0.append(request.path) }
            return nil
        })
        let workshop = try Workshop()
        try workshop.spec(index: index.url)
        var tampered = try Tampered(workshop.cut())
        let server = index.server.url
        tampered.edit("airlift/spec.toml") {
            $0 + "\n[conda]\nchannels = [\"\(server)/t/$SECRET/simple\"]\n"
        }
        tampered.edit("airlift/lock.yml") { $0.replacing("\(server)/files/", with: "\(server)/simple/x/") }
        let bundle = try tampered.write(to: scratch)
        let ran = try rebuild(bundle, environment: ["SECRET": "4711"])
        #expect(ran.code != 70, "\(ran.words)")
        let paths = asked.withLock { $0 }
        #expect(paths.contains { $0.contains("/simple/x/") })
        #expect(!paths.contains { $0.contains("4711") }, "\(paths)")
    }
}
