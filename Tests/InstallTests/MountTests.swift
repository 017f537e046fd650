import Bundle
import Failures
import Files
import Install
import TestSupport
import Testing

/// File systems in the way: read-only, full, without permission to run programs, mounted at the prefix.
@Suite(
    .enabled(if: HostPython.isThere, "there is no /usr/bin/python3"),
    .enabled(if: canMountHere, "only root with the right to mount can make such places"))
struct MountTests {
    let landing = Landing()

    /// Of 4 MiB, and a manifest that says what it is told.
    private func large(claiming bytes: UInt64) throws -> BundleReader {
        try landing.bundle {
            $0.wheels = [
                WheelBuilder { $0.files.append(.init("demo/large", [UInt8](repeating: 7, count: 4 << 20))) }
            ]
            $0.editManifest = { $0.target.bytes = bytes }
        }
    }

    @Test func `a file system that is read-only is told before anything is tried`() throws {
        try mounted(at: landing.parent, "size=1m,ro") { () throws in
            for deeper in ["", "/sub"] {
                let error = failure { try landing.install([WheelBuilder()]) { $0.prefix += deeper } }
                #expect(error?.kind == .inputOutput)
                #expect(
                    error?.description.contains(
                        "the file system of the prefix should be writable and is mounted read-only at '\(landing.parent)'; mount it writable, or choose another prefix"
                    ) == true, "\(error?.description ?? "")")
            }
            #expect(try landing.neighbours == [])
        }
    }

    @Test func `what is on a read-only file system is checked, and neither replaced nor removed`() throws {
        try mounted(at: landing.parent, "size=8m") { () throws in
            let bundle = try landing.bundle(of: [WheelBuilder()])
            try landing.install(bundle)
            _ = try run(["mount", "-o", "remount,ro", landing.parent], in: "/")
            #expect(try !landing.install(bundle).changed, "the same is there already")
            #expect(try PrefixVerification.run(landing.prefix).isIntact)
            let update = failure { try landing.install([WheelBuilder("other")]) { $0.update = true } }
            #expect(update?.kind == .inputOutput && update?.description.contains("read-only") == true)
            let removal = failure { _ = try Uninstallation.run(landing.prefix, force: true) }
            #expect(removal?.kind == .inputOutput)
            #expect(
                removal?.description
                    == "'\(landing.parent)' lies on a file system that is mounted read-only, so that nothing can be put there or taken away; mount it writable, or choose another prefix"
            )
            #expect(try PrefixVerification.run(landing.prefix).isIntact)
        }
    }

    @Test func `a parent may be a mount point`() throws {
        try mounted(at: landing.parent) { () throws in
            #expect(try landing.install([WheelBuilder()]) { $0.synchronize = true }.changed)
            try landing.install([WheelBuilder("demo", "2.0")]) { $0.update = true }
            #expect(try landing.neighbours == ["env", "env.airlift-old"])
        }
    }

    @Test func `a prefix that is a mount point is in the way, with advice`() throws {
        _ = try Directory.create(landing.prefix)
        try mounted(at: landing.prefix) { () throws in
            let error = failure { try landing.install([WheelBuilder()]) }
            #expect(error?.kind == .targetInTheWay)
            #expect(error?.description.contains("mount point") == true)
            #expect(error?.description.contains("directory below it") == true)
            #expect(try landing.neighbours == ["env"])
            let below = try landing.install([WheelBuilder()]) { $0.prefix += "/env" }
            #expect(below.changed, "the advice helps")
            let foreign = failure { try landing.install([WheelBuilder()]) { $0.replaceForeign = true } }
            #expect(foreign?.description.contains("mount point") == true)
            #expect(try landing.neighbours == ["env"])
        }
    }

    @Test func `too little space is found before the first write`() throws {
        try mounted(at: landing.parent, "size=2m") { () throws in
            let bundle = try large(claiming: 4 << 20)
            let plan = try InstallPlan.make(bundle, landing.request())
            #expect(plan.requirements.filter { !$0.met }.map(\.name) == ["the free space"])
            let error = failure { _ = try plan.apply() }
            #expect(error?.kind == .inputOutput)
            #expect(try landing.neighbours == [])
        }
        try mounted(at: landing.parent, "size=16m") { () throws in
            #expect(try landing.install(large(claiming: 4 << 20)).changed)
        }
    }

    @Test func `too few inodes are found before the first write`() throws {
        try mounted(at: landing.parent, "size=8m,nr_inodes=20") { () throws in
            let bundle = try landing.bundle { $0.editManifest = { $0.target.inodes = 10 } }
            let error = failure { try landing.install(bundle) }
            #expect(error?.kind == .inputOutput)
            #expect(error?.description.contains("free inodes") == true, "\(error?.description ?? "")")
            #expect(try landing.neighbours == [])
        }
    }

    @Test(arguments: [true, false]) func `a disk that fills up leaves everything as it was`(isUpdate: Bool)
        throws
    {
        try mounted(at: landing.parent, "size=2m") { () throws in
            if isUpdate { try landing.install(landing.bundle(below: "small")) }
            let before = try landing.snapshot()
            let bundle = try large(claiming: 1)
            let error = failure { try landing.install(bundle) { $0.force = true } }
            #expect(error?.kind == .inputOutput)
            #expect(error?.description.contains("No space left on device; free some space") == true)
            #expect(try landing.snapshot() == before)
            if isUpdate { #expect(try landing.python("import demo").code == 0) }
        }
    }

    @Test func `a disk that fills up while compiling leaves everything as it was`() throws {
        try mounted(at: landing.parent, "size=1m") { () throws in
            let bundle = try landing.bundle(bytecode: .target) {
                $0.wheels = [
                    WheelBuilder {
                        let big = "x = [" + String(repeating: "'a',", count: 1) + "]\n"
                        $0.files = (0..<16).map {
                            .init("demo/m\($0).py", (0..<3_000).map { "v\($0) = \($0)\n" }.joined() + big)
                        }
                    }
                ]
                $0.editManifest = { $0.target.bytes = 1 }
            }
            let error = failure { try landing.install(bundle) }
            #expect(error?.kind == .inputOutput, "\(error?.description ?? "")")
            #expect(error?.description.contains("No space left") == true)
            #expect(try landing.neighbours == [])
        }
    }

    @Test func `a file system that runs no programs is refused before the first write`() throws {
        try mounted(at: landing.parent, "size=8m,noexec") { () throws in
            let error = failure { try landing.install([WheelBuilder()]) }
            #expect(error?.kind == .hostRequirements)
            #expect(error?.description.contains("noexec") == true)
            #expect(try landing.neighbours == [])
        }
    }

    @Test func `a mount below the prefix cannot be taken away by force`() throws {
        try landing.install([WheelBuilder()])
        _ = try landing.directory().createDirectories(RelativePath("var"))
        try mounted(at: "\(landing.prefix)/var", moved: "\(landing.prefix).airlift-old/var") { () throws in
            try landing.put("var/data", "precious")
            let other = try landing.bundle(of: [WheelBuilder("demo", "2.0")], below: "second")
            try landing.install(other) { $0.update = true }
            // The mount went along with what was replaced; removing that is what fails, with the cause.
            let third = try landing.bundle(of: [WheelBuilder("demo", "3.0")], below: "third")
            let error = failure { try landing.install(third) { $0.update = true } }
            #expect(error?.description.contains("env.airlift-old") == true, "\(error?.description ?? "")")
            #expect(try landing.neighbours == ["env", "env.airlift-old"])
            #expect(try landing.python("import demo; print(demo.__version__)").output == "2.0\n")
        }
    }
}
