import Digests
import Files
import Glibc
import TestSupport
import Testing

/// What a spec says about channels and about packages at fault, through the executables.
@Suite struct CondaChannelFlightTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    /// A spec on a host's interpreter, with packages that need none.
    private func spec(_ channels: [String], _ dependencies: [String], more: String = "") throws {
        try workshop.condaSpec(
            channels: channels, dependencies: dependencies, python: "host = \"\(Shared.minorVersion)\"",
            more: more)
    }

    private func manifest(_ bundle: String) throws -> String {
        try run(["unzip", "-p", bundle, "airlift/manifest.json"]).output
    }

    /// Serves a channel below `/t/<token>/` to one user alone.
    private func guarded(_ channel: String) -> LoopbackServer {
        let authorization = "Basic " + Base64Text.of("ops:pa55word")
        return LoopbackServer { request in
            let place = "/t/tok-4711/forge/"
            guard request.path.hasPrefix(place), request.headers["authorization"] == authorization,
                let bytes = try? Tree.bytes("\(channel)/\(request.path.dropFirst(place.count))")
            else { return .status(request.path.contains("forge") ? 404 : 401) }
            return .ok(bytes).ranged(request)
        }
    }

    @Test func passwordsAndTokensStayWhereTheyAre() throws {
        let tool = CondaPackageBuilder("tool", "1.0", "h0_0", files: [.file("share/tool.txt", "tool\n")])
        let channel = try CondaChannelBuilder([tool]).write(to: workshop.scratch)
        let server = guarded(channel)
        let address = server.url.replacing("://", with: "://ops:pa55word@") + "/t/tok-4711/forge"
        let secrets = ["pa55word", "tok-4711"]
        func isClean(_ text: String) -> Bool { !secrets.contains { text.contains($0) } }

        try spec([address], ["tool =1.0=h0_0"])
        let cut = try workshop.airlift(
            "cut", workshop.project, "--output", workshop.path + "/dist", "--calver", "2026.11.21")
        #expect(cut.code == 0 && isClean(cut.words), "\(cut.words)")
        #expect(isClean(try Tree.text(workshop.project + "/conda-lock.yml")))
        let bundle = try Tree.bytes(workshop.path + "/dist/payroll-2026.11.21-linux-64.sh")
        for secret in secrets { #expect(Bytes.place(of: Array(secret.utf8), in: bundle) == nil) }

        // From the lock alone, into an empty store.
        workshop.environment["AIRLIFT_CACHE"] = workshop.path + "/another"
        let fetched = try workshop.airlift("fetch", workshop.project)
        #expect(fetched.code == 0 && isClean(fetched.words), "\(fetched.words)")

        try spec([address.replacing("forge", with: "missing")], ["tool =1.0=h0_0"])
        let refused = try workshop.airlift("lock", workshop.project)
        #expect(refused.code != 0 && isClean(refused.words), "\(refused.words)")
        #expect(refused.errors.contains("missing"))
    }

    @Test func saysWhatIsMissingAndHowToPinIt() throws {
        let library = CondaPackageBuilder("library", "2.1", "h1_0")
        let tool = CondaPackageBuilder("tool", "1.0", "h0_0").with { $0.depends = ["library >=2"] }
        let channel = try CondaChannelBuilder([tool, library]).write(to: workshop.scratch)
        try spec([channel], ["tool =1.0=h0_0"])
        let lock = try workshop.airlift("lock", workshop.project)
        #expect(lock.code == 8, "\(lock.words)")
        #expect(
            lock.errors.contains("library >=2") && lock.errors.contains("library=2.1=h1_0"), "\(lock.words)")
    }

    @Test func aWrongListOfPathsIsRefusedAndOverriddenByName() throws {
        let wrong = CondaPackageBuilder(
            "wrong", "1.0", "h0_0", files: [.file("share/a.txt", "a\n"), .file("share/b.txt", "b\n")]
        ).with { package in
            package.editPaths = { lines in lines.removeAll { $0.path == "share/b.txt" } }
        }
        let channel = try CondaChannelBuilder([wrong]).write(to: workshop.scratch)
        try spec([channel], ["wrong =1.0=h0_0"])
        let refused = try workshop.airlift("cut", workshop.project)
        #expect(refused.code == 3 && refused.errors.contains("share/b.txt"), "\(refused.words)")

        let override = "[[override]]\npackage = \"wrong\"\nrule = \"paths\"\nreason = \"wrong upstream\""
        try spec([channel], ["wrong =1.0=h0_0"], more: override)
        let bundle = try workshop.cut()
        #expect(try manifest(bundle).contains("\"reason\":\"wrong upstream\""))
        let landed = try Shared.install(bundle, workshop.path + "/p")
        #expect(landed.code == 0, "\(landed.words)")
        #expect(try Tree.text(workshop.path + "/p/share/b.txt") == "b\n")
    }

    @Test func twoPackagesWithOnePathAreDecidedByTheSpec() throws {
        let first = CondaPackageBuilder(
            "first", "1.0", "h0_0",
            files: [.file("share/name.txt", "first\n"), .file("share/same.txt", "same\n")])
        let second = CondaPackageBuilder(
            "second", "1.0", "h0_0",
            files: [.file("share/name.txt", "second\n"), .file("share/same.txt", "same\n")])
        let channel = try CondaChannelBuilder([first, second]).write(to: workshop.scratch)
        let pins = ["first =1.0=h0_0", "second =1.0=h0_0"]
        try spec([channel], pins)
        let refused = try workshop.airlift("cut", workshop.project)
        #expect(refused.code == 8 && refused.errors.contains("share/name.txt"), "\(refused.words)")
        #expect(refused.errors.contains("first-1.0-h0_0") && refused.errors.contains("second-1.0-h0_0"))
        #expect(!refused.errors.contains("same.txt"))

        for (winner, loser) in [("first", "second"), ("second", "first")] {
            let override =
                "[[override]]\npackage = \"\(winner)\"\nover = \"\(loser)\"\nrule = \"clobber\"\nreason = \"wanted\""
            try spec([channel], pins, more: override)
            let bundle = try workshop.cut(to: "\(workshop.path)/\(winner)")
            #expect(try manifest(bundle).contains("\"paths\":[\"share/name.txt\"]"))
            let landed = try Shared.install(bundle, "\(workshop.path)/p-\(winner)")
            #expect(landed.code == 0, "\(landed.words)")
            #expect(try Tree.text("\(workshop.path)/p-\(winner)/share/name.txt") == "\(winner)\n")
            let verified = try run([Product.installer, "verify-install", "\(workshop.path)/p-\(winner)"])
            #expect(verified.code == 0, "\(verified.words)")
        }
    }

    @Test func aWheelOverACondaFileIsRefused() throws {
        let conda = CondaPackageBuilder(
            "conda-greet", "1.0", "h0_0", files: [.executable("bin/greet", "#!/bin/sh\n")])
        let channel = try CondaChannelBuilder([conda]).write(to: workshop.scratch)
        let index = ToyIndex()
        try workshop.condaSpec(
            channels: [channel], dependencies: ["conda-greet =1.0=h0_0"],
            python: "host = \"\(Shared.minorVersion)\"", index: index.url,
            requirements: ["greeter==1.0", "shouter==2.0"])
        let refused = try workshop.airlift("cut", workshop.project)
        #expect(refused.code == 8 && refused.errors.contains("bin/greet"), "\(refused.words)")
        #expect(refused.errors.contains("conda-greet") && refused.errors.contains("greeter-1.0"))
    }

    /// Pins of real packages, by the name of a channel.
    @Test(.enabled(if: SharedData.directory("channels/forge") != nil))
    func fliesRealPackages() throws {
        let forge = try #require(SharedData.directory("channels/forge"))
        _ = try Directory.create(workshop.path + "/alias")
        #expect(symlink(forge, workshop.path + "/alias/conda-forge") == 0)
        workshop.environment["CONDA_CHANNEL_ALIAS"] = "file://\(workshop.path)/alias"
        let pins = try Tree.text(Product.root + "/Benchmarks/conda-pins.txt").split(separator: "\n").map(
            String.init)
        try workshop.condaSpec(channels: ["conda-forge"], dependencies: pins, python: "conda = \"3.10.*\"")
        let bundle = try workshop.cut()
        let prefix = workshop.path + "/landing/real"
        let command = ["sh", bundle, "-b", "-p", prefix, "--no-sync"]
        let isolated = Machine.mayMount ? ["sh", Product.root + "/installers/isolated.sh"] : []
        let landed = try run(isolated + command, environment: ["HOME": workshop.path])
        #expect(landed.code == 0, "\(landed.words)")
        let imports =
            "import pydantic, requests, yaml, cffi, zstandard, tqdm, click, ruamel.yaml, brotli, ssl, sqlite3"
        let ran = try run(
            isolated + [prefix + "/bin/python", "-I", "-c", imports + "; print(ssl.OPENSSL_VERSION)"],
            environment: ["HOME": workshop.path])
        #expect(ran.code == 0 && ran.output.hasPrefix("OpenSSL"), "\(ran.words)")
        let pip = try run(isolated + [prefix + "/bin/pip", "check"], environment: ["HOME": workshop.path])
        #expect(pip.code == 0, "\(pip.words)")
        let verified = try run([Product.installer, "verify-install", prefix])
        #expect(verified.code == 0, "\(verified.words)")
    }
}

/// Base 64 (RFC 4648), for headers.
enum Base64Text {
    static func of(_ text: String) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: 3).map { start in
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            let digits = [18, 12, 6, 0].map { String(letters[value >> $0 & 63]) }
            return digits.prefix(group.count + 1).joined() + String(repeating: "=", count: 3 - group.count)
        }.joined()
    }
}
