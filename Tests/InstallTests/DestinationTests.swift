import Bundle
import Digests
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// `--destdir`: what makers of packages and images get.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct DestinationTests {
    let landing = Landing()
    private let prefix = "/opt/payroll"

    private var root: String { landing.place.path }
    private var place: String { root + prefix }

    private func write(
        _ bundle: BundleReader, _ change: (inout InstallRequest) -> Void = { _ in }
    ) throws -> InstallOutcome {
        try landing.install(bundle) {
            $0.prefix = prefix
            $0.destination = root
            change(&$0)
        }
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Directory.open(place).contents(of: RelativePath(path)), as: UTF8.self)
    }

    /// A wheel with a launcher, and a conda package that its prefix is written into.
    private func bundle(hooks: [String] = []) throws -> BundleReader {
        let demo = CondaPackageBuilder("demo") {
            $0.linkScripts = ["post-link": "touch $PREFIX/ran"]
        }
        return try landing.bundle(conda: [demo], linkScripts: ["demo"]) { manifest in
            manifest.install.hooks = .init()
            manifest.install.hooks?[.postInstall] = [
                .init(command: ["sh", "-c", "touch $AIRLIFT_PREFIX/ran"])
            ]
        }
    }

    @Test func `files lie below it, and name the prefix alone`() throws {
        let outcome = try write(landing.bundle(bytecode: .target))
        #expect(outcome.destination == root && outcome.record.prefix == prefix)
        #expect(try landing.place.directory().names() == ["opt"])
        #expect(try Directory.open(root + "/opt").names() == ["payroll"], "no lock, nothing beside")
        #expect(try text("pyvenv.cfg").contains("home = /usr/bin"))
        #expect(try text("bin/activate").contains("VIRTUAL_ENV='\(prefix)'"))
        var named: [String] = []
        let directory = try Directory.open(place)
        try directory.walk { path, status in
            guard status.kind == .file else { return }
            let bytes = try directory.contents(of: path)
            if String(decoding: bytes, as: UTF8.self).contains(root) { named.append(path.string) }
        }
        #expect(named == [], "nothing knows where it was built")
        #expect(try InstallRecord.read(directory)?.prefix == prefix)
        let report = try PrefixVerification.run(place)
        #expect(
            report.movedFrom == prefix && report.missing + report.unrecorded == [] && report.changed == [])
    }

    @Test func `no script and no hook runs, and both are told`() throws {
        let outcome = try write(bundle()) {
            $0.linkScripts = .all
            $0.hooks = true
        }
        #expect(outcome.linkScripts == [] && outcome.hooks == [])
        #expect(
            outcome.notices == [
                "the post-install hook 'sh -c 'touch $AIRLIFT_PREFIX/ran'' was not run, which is for the host that gets these files",
                "the link scripts of demo were not run, since they are for the host that gets these files",
            ])
        #expect(access(place + "/ran", F_OK) != 0 && access(prefix + "/ran", F_OK) != 0)
        #expect(outcome.record.options.linkScripts == nil && outcome.record.options.hooks == nil)
    }

    @Test func `what is there already is left, or in the way`() throws {
        let bundle = try landing.bundle()
        #expect(try write(bundle).changed)
        #expect(try !write(bundle).changed)
        let other = try landing.bundle(of: [WheelBuilder("another")])
        let error = failure { _ = try write(other) }
        #expect(error?.kind == .targetInTheWay)
        #expect(error?.description.contains("'\(place)' holds quickstart 2026.11.21 already") == true)
        // The prefix itself may be taken on this host: nobody looks there.
        try landing.place.write("else/opt/payroll/file", "x")
        let foreign = failure { _ = try write(other) { $0.destination = root + "/else" } }
        #expect(foreign?.description.contains("'\(root)/else/opt/payroll' exists") == true)
    }

    @Test func `a host that could not run it may write it`() throws {
        let bundle = try landing.bundle { builder in
            builder.platform = "linux-aarch64"
            builder.editManifest = {
                $0.platform = "linux-aarch64"
                $0.target.glibc = "9.9"
            }
        }
        // The host's own interpreter is looked for and started, so that one of this bundle must be of this host.
        let error = failure { _ = try write(bundle) }
        #expect(error?.kind == .hostRequirements)
        var request = landing.request()
        request.destination = root
        request.compile = false
        var manifest = bundle.manifest
        manifest.python.source = .capture
        #expect(!request.runsInterpreter(manifest))
        request.test = true
        #expect(request.runsInterpreter(manifest))
        request.test = false
        request.compile = true
        manifest.install.bytecode = .target
        #expect(request.runsInterpreter(manifest))
        request.destination = nil
        request.compile = false
        #expect(request.runsInterpreter(manifest))
    }

    @Test func `two builds are the same bytes, and have the same times`() throws {
        let bundle = try landing.bundle(bytecode: .target) {
            $0.ownFiles.append(.init("\(landing.site)/own.py", "own = 1\n"))
        }
        func lines(_ name: String) throws -> [String] {
            _ = try write(bundle) { $0.destination = "\(root)/\(name)" }
            let directory = try Directory.open("\(root)/\(name)")
            var lines: [String] = []
            try directory.walk { path, status in
                let bytes = status.kind == .file ? try directory.contents(of: path) : []
                lines.append(
                    "\(path) \(status.kind) \(status.permissions) \(status.modificationTime) \(SHA256.hash(bytes))"
                )
            }
            // What lies above the prefix is not the installer's.
            return lines.filter { $0.hasPrefix("opt/payroll") }
        }
        let one = try lines("one")
        sleep(2)
        let two = try lines("two")
        #expect(one == two && one.count > 10)
        let moment = "1795262400"
        for name in [
            "opt/payroll directory", "opt/payroll/\(landing.site)/own.py file", "opt/payroll/lib64 ",
        ] {
            #expect(one.contains { $0.hasPrefix(name) && $0.contains(moment) }, "\(name)")
        }
    }

    @Test(arguments: ["relative", "/a/../b", "/a/./b", "/a\nb"])
    func `a destination that is no path is refused`(
        path: String
    ) throws {
        let bundle = try landing.bundle()
        let error = failure { _ = try write(bundle) { $0.destination = path } }
        #expect(error?.kind == .usage && error?.description.contains("--destdir is refused") == true)
    }

    @Test func `slashes more or less change nothing`() throws {
        let bundle = try landing.bundle()
        let outcome = try write(bundle) {
            $0.destination = root + "//"
            $0.prefix = "/opt//payroll/"
        }
        #expect(outcome.destination == root && outcome.record.prefix == prefix)
    }
}
