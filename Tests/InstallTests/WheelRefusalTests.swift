import Bundle
import Digests
import Failures
import Install
import TestSupport
import Testing

/// A hostile or damaged wheel in a bundle that is otherwise right: refused in words, nothing touched.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct WheelRefusalTests {
    @Test(arguments: WheelFault.archives) func `archives`(_ fault: WheelFault) throws { try judge(fault) }
    @Test(arguments: WheelFault.records) func `RECORD`(_ fault: WheelFault) throws { try judge(fault) }
    @Test(arguments: WheelFault.names) func `names and attributes`(_ fault: WheelFault) throws {
        try judge(fault)
    }
    @Test(arguments: WheelFault.descriptions) func `descriptions`(_ fault: WheelFault) throws {
        try judge(fault)
    }

    private func judge(_ fault: WheelFault) throws {
        let landing = Landing()
        try landing.install([fault.twin])
        #expect(try PrefixVerification.run(landing.prefix).isIntact, "the benign twin is installed")

        let bundle = try self.bundle(fault, landing)
        let before = try landing.snapshot()
        for (path, flag) in [(landing.prefix, true), ("\(landing.parent)/fresh", false)] {
            let error = failure {
                try landing.install(bundle) {
                    $0.prefix = path
                    $0.force = flag
                }
            }
            let text = error?.description ?? "nothing was refused"
            for word in fault.says { #expect(text.contains(word), "\(text)") }
            #expect(error?.kind == .damaged || error?.kind == .refused, "\(text)")
            #expect(
                text.contains("demo-1.0-py3-none-any.whl") || text.contains(fault.attack.filename), "\(text)")
            #expect(!text.contains("\u{1b}") && !text.unicodeScalars.contains("\u{7}"))
        }
        #expect(try landing.snapshot() == before)
    }

    private func bundle(_ fault: WheelFault, _ landing: Landing) throws -> BundleReader {
        let bytes = fault.damage(fault.attack.bytes)
        let path = try landing.scratch.write("damaged/\(fault.attack.filename)", bytes)
        return try landing.bundle(below: "attack") {
            $0.wheels = [fault.attack]
            $0.editSources = { sources in
                for name in sources.keys where name.hasSuffix(".whl") { sources[name] = .file(path) }
            }
            $0.editManifest = {
                $0.archives[0].size = UInt64(bytes.count)
                $0.archives[0].sha256 = SHA256.hash(bytes)
            }
        }
    }

    @Test func `all faults of a RECORD are told together`() throws {
        let landing = Landing()
        let error = failure {
            try landing.install([
                WheelBuilder {
                    $0.files.append(.init("demo/other.py", "x"))
                    $0.editRecord = {
                        $0[0].size = "99"
                        $0[1].hash = ""
                        $0.append(.init("demo/gone.py", hash: $0[0].hash, size: "1"))
                    }
                }
            ])
        }
        for name in ["demo/__init__.py", "demo/other.py", "demo/gone.py"] {
            #expect(error?.description.contains(name) == true)
        }
        #expect(try landing.neighbours == [])
    }

    @Test func `a wheel that was exchanged after cutting is refused`() throws {
        let landing = Landing()
        let bundle = try landing.bundle(of: [WheelBuilder { $0.deflated = false }])
        let member = try #require(bundle.layout.members.first { $0.name.hasSuffix(".whl") })
        let plan = try InstallPlan.make(bundle, landing.request())
        // Between planning and unpacking, in the file name of a local header's time field: nothing but the
        // digest of the whole archive sees it.
        try overwrite(bundle.path, at: member.dataOffset + 10, [0x21])
        let error = failure { _ = try plan.apply() }
        #expect(error?.kind == .damaged)
        #expect(error?.description.contains("SHA-256 should be") == true, "\(error?.description ?? "")")
        #expect(try landing.neighbours == [])
    }
}
