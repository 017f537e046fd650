import Bundle
import Install
import TestSupport
import Testing

/// What an installer writes into `.dist-info` (PEP 376, 610, 627), judged by the environment's own Python.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct RecordTests {
    let landing = Landing()

    /// Compares every row of every RECORD with the disk, through importlib.metadata.
    static let check = """
        import base64, hashlib, importlib.metadata as metadata, os
        for distribution in metadata.distributions():
            paths = [str(file) for file in distribution.files]
            assert len(paths) == len(set(paths)), paths
            for file in distribution.files:
                place = file.locate()
                if file.hash is None:
                    assert file.name == 'RECORD' and file.size is None, file
                    continue
                content = open(place, 'rb').read()
                digest = base64.urlsafe_b64encode(hashlib.new(file.hash.mode, content).digest())
                assert file.hash.mode == 'sha256' and digest.decode().rstrip('=') == file.hash.value, file
                assert file.size == len(content), file
        print('ok')
        """

    private var sample: WheelBuilder {
        WheelBuilder {
            $0.entryPoints = [("console_scripts", ["demo = demo:main"])]
            let data = $0.dataDirectory
            $0.files += [
                .init("\(data)/scripts/tool", "#!python\nprint(1)\n"), .init("\(data)/data/share/x", "x"),
                .init("\(data)/purelib/pure.py", "1"), .init("demo/a,b.txt", "comma"),
            ]
        }
    }

    @Test func `RECORD is of what was written`() throws {
        try landing.install([sample, WheelBuilder("other", "2.5")])
        let ran = try landing.python(Self.check)
        #expect(ran.output == "ok\n", "\(ran.errors)")
        let record = try landing.text("\(landing.site)/demo-1.0.dist-info/RECORD")
        let rows = record.split(separator: "\n")
        let paths = rows.map { $0.split(separator: ",sha256").first ?? $0 }
        #expect(
            Set(paths.map(String.init)) == [
                "../../../bin/demo", "../../../bin/tool", "../../../share/x", "demo/__init__.py",
                "\"demo/a,b.txt\"", "pure.py", "demo-1.0.dist-info/INSTALLER", "demo-1.0.dist-info/METADATA",
                "demo-1.0.dist-info/RECORD,,", "demo-1.0.dist-info/REQUESTED", "demo-1.0.dist-info/WHEEL",
                "demo-1.0.dist-info/entry_points.txt",
            ])
    }

    @Test func `every file of a prefix is some RECORD's or Airlift's own`() throws {
        try landing.install([sample, WheelBuilder("other", "2.5")], bytecode: .target)
        let ran = try landing.python(
            "import importlib.metadata as m, os\nfor d in m.distributions():\n for f in d.files: print(os.path.normpath(f.locate()))"
        )
        let listed = Set(
            ran.output.split(separator: "\n").map { String($0.dropFirst(landing.prefix.count + 1)) })
        let own = try landing.recorded().values.filter { !$0.isBytecode && !listed.contains($0.path.string) }
        #expect(
            own.map(\.path.string).sorted() == [
                "bin/activate", "bin/activate.fish", "bin/python", "bin/python3",
                "bin/python\(HostPython.minor)",
                "etc/app.toml", "lib64", "pyvenv.cfg",
            ])
    }

    @Test func `importlib sees the distributions and no others`() throws {
        try landing.install([sample, WheelBuilder("other", "2.5") { $0.requires = ["demo>=1"] }])
        let ran = try landing.python(
            """
            import importlib.metadata as m, demo, other, sys
            print(sorted((d.metadata['Name'], d.version) for d in m.distributions()))
            print(m.requires('other'), demo.__version__, [e.value for e in m.entry_points(name='demo')])
            print(sys.prefix, sys.base_prefix, sys.flags.no_user_site, __import__('site').ENABLE_USER_SITE)
            """)
        #expect(
            ran.output == """
                [('demo', '1.0'), ('other', '2.5')]
                ['demo>=1'] 1.0 ['demo:main']
                \(landing.prefix) /usr 0 False

                """, "\(ran.errors)")
    }

    @Test(arguments: [true, false]) func `REQUESTED is there for what was asked for`(requested: Bool) throws {
        let bundle = try landing.bundle {
            $0.editManifest = { $0.archives[0].requested = requested }
        }
        try landing.install(bundle)
        let info = "\(landing.site)/demo-1.0.dist-info"
        #expect(try landing.text("\(info)/INSTALLER") == "airlift\n")
        #expect(try landing.status("\(info)/REQUESTED")?.size == (requested ? 0 : nil))
        #expect(try landing.text("\(info)/RECORD").contains("REQUESTED") == requested)
        #expect(try landing.status("\(landing.site)/other-2.5.dist-info/REQUESTED") != nil)
    }

    @Test func `direct_url names what was not taken from an index`() throws {
        let bundle = try landing.bundle {
            $0.editManifest = { $0.archives[0].directURL = "https://user:secret@example.com/demo.whl" }
        }
        try landing.install(bundle)
        let digest = bundle.manifest.archives[0].sha256.hex
        let ran = try landing.python(
            "import importlib.metadata as m; print(m.distribution('demo').read_text('direct_url.json'), m.distribution('other').read_text('direct_url.json'))"
        )
        #expect(
            ran.output
                == "{\"archive_info\":{\"hash\":\"sha256=\(digest)\",\"hashes\":{\"sha256\":\"\(digest)\"}},\"url\":\"https://example.com/demo.whl\"}\n None\n"
        )
        #expect(try landing.python(Self.check).output == "ok\n")
    }

    @Test(arguments: ["INSTALLER", "REQUESTED", "direct_url.json"])
    func `the installer's own files are never the wheel's`(name: String) throws {
        let bundle = try landing.bundle {
            $0.wheels[0].files.append(.init("demo-1.0.dist-info/\(name)", "forged"))
            $0.editManifest = { $0.archives[0].requested = false }
        }
        try landing.install(bundle)
        let path = "\(landing.site)/demo-1.0.dist-info/\(name)"
        if name == "INSTALLER" {
            #expect(try landing.text(path) == "airlift\n")
        } else {
            #expect(try landing.status(path) == nil)
        }
        #expect(try landing.python(Self.check).output == "ok\n")
    }
}
