import Archives
import Digests
import ELF
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Interpreters

/// The interpreters of this machine that these tests capture: the distribution's, and one that was built from
/// source.
private let interpreters: [String] = {
    var found = ["/usr/bin/python3"].filter { isFile($0) }
    if let home = getenv("HOME").map({ String(cString: $0) }),
        let versions = try? Directory.open(home + "/.pyenv/versions").names()
    {
        for prefix in ["3.10.", "3.13."] {
            if let name = versions.first(where: { $0.hasPrefix(prefix) }) {
                found.append("\(home)/.pyenv/versions/\(name)/bin/python3")
            }
        }
    }
    return found
}()
private let environment = ["PATH": BareRoot.systemPath, "TMPDIR": "/tmp"]
private let canCapture = !interpreters.isEmpty && findProgram("patchelf", path: BareRoot.systemPath) != nil

@Suite(.serialized) struct InterpreterCaptureTests {
    let temporary = TemporaryDirectory()

    @Test(
        .enabled(
            if: canCapture && BareRoot.isPermitted,
            "needs patchelf, a Python 3.10 or newer, and root for chroot"),
        arguments: interpreters)
    func aCapturedInterpreterRunsWhereOnlyGlibcIs(python: String) throws {
        let archive = temporary.path + "/base.tar.zst"
        let captured = try InterpreterCapture.capture(python: python, to: archive, environment: environment)
        let description = captured.description
        #expect(description.implementation == "cpython")
        #expect(SymbolVersion(description.glibc) != nil)
        #expect(!description.glibcNeededBy.isEmpty)
        #expect(description.hooks == [description.standardLibrary + "/sitecustomize.py"])

        let read = try InterpreterArchive.read(archive)
        #expect(read == captured)

        let root = try BareRoot(archive)
        func expect(
            _ options: [String], _ script: String, _ environment: [String: String] = [:],
            prints expected: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let answer = try root.run(description.executable, options, script, environment: environment)
            #expect(answer == expected + "\n", sourceLocation: sourceLocation)
        }
        let imports = """
            import ssl, sqlite3, ctypes, lzma, bz2, zlib, readline, hashlib, zoneinfo, uuid, curses, decimal
            print('ok')
            """
        try expect(["-I", "-S"], imports, prints: "ok")
        let prefixes = "import sys; print(sys.prefix, sys.base_prefix)"
        try expect(["-I", "-S"], prefixes, prints: "\(root.base) \(root.base)")

        // Every extension module that is carried loads.
        let all = """
            import os, sys, importlib
            for d in sys.path:
                if d.endswith('lib-dynload'):
                    for f in sorted(os.listdir(d)):
                        importlib.import_module(f.split('.')[0])
            print('ok')
            """
        try expect(["-I", "-S"], all, prints: "ok")

        let certificates = "import ssl; print(len(ssl.create_default_context().get_ca_certs()))"
        try expect(["-I"], certificates, prints: "0")
        try root.temporary.write("etc/pki/tls/certs/ca-bundle.crt", toyCertificate)
        try expect(["-I"], certificates, prints: "1")
        try expect([], certificates, ["SSL_CERT_FILE": "/nowhere"], prints: "0")

        if description.libraries.contains(where: { $0.name == "libcrypto.so.3" }) {
            let legacy = """
                import _ssl, ctypes
                crypto = ctypes.CDLL('\(root.base)/lib/libcrypto.so.3')
                crypto.OSSL_PROVIDER_load.restype = ctypes.c_void_p
                print(crypto.OSSL_PROVIDER_load(None, b'legacy') is not None)
                """
            try expect(["-I"], legacy, prints: "True")
            try expect(["-I"], legacy, ["OPENSSL_MODULES": "/nowhere"], prints: "False")
        }

        // The hook is found from a virtual environment too, and the environment is over this base.
        let venv = """
            import venv, subprocess, sys
            venv.create('/env', with_pip=False, symlinks=True)
            print(subprocess.check_output(['/env/bin/python', '-c',
                'import sys, os; print(sys.base_prefix, os.environ.get("SSL_CERT_FILE"), "sitecustomize" in sys.modules)'],
                text=True), end='')
            """
        try expect(["-I"], venv, prints: "\(root.base) /etc/pki/tls/certs/ca-bundle.crt True")
    }

    @Test(.enabled(if: canCapture, "needs patchelf and a Python 3.10 or newer"))
    func twoCapturesAreTheSameBytesAndHoldNoWaste() throws {
        let first = try InterpreterCapture.capture(
            python: interpreters[0], to: temporary.path + "/a", environment: environment)
        let second = try InterpreterCapture.capture(
            python: interpreters[0], to: temporary.path + "/b", environment: environment)
        #expect(first == second)
        #expect(first.files.first?.path == InterpreterDescription.memberName)
        #expect(try Directory.open(temporary.path).names() == ["a", "b"])
        for file in first.files {
            let parts = file.path.split(separator: "/")
            #expect(
                !parts.contains("__pycache__") && !parts.contains("test") && !parts.contains("site-packages"))
            #expect(!file.path.hasSuffix("EXTERNALLY-MANAGED"))
            #expect(file.linkTarget?.hasPrefix("/") != true)
            #expect([0o644, 0o755, 0o777].contains(file.permissions))
        }
        let modules = Set(first.files.map { $0.path.split(separator: "/").last?.prefix { $0 != "." } ?? "" })
        #expect(!modules.contains("nis") && !modules.contains("_testcapi"))
        #expect(first.description.libraries.contains { $0.name.hasPrefix("libcrypto.so") })
        #expect(!first.description.libraries.contains { HostLibraries.contain($0.name) })
    }

    @Test(.enabled(if: canCapture, "needs patchelf and a Python 3.10 or newer"))
    func theInterpreterBehindAShimAndAVirtualEnvironmentIsCaptured() throws {
        let real = try #require(realPath(interpreters[0]))
        let shim = try temporary.write(
            "python3", "#!/bin/sh\nexec \(interpreters[0]) \"$@\"\n", permissions: 0o755)
        chmod(shim, 0o755)
        #expect(try InterpreterProbe.ask(shim, environment: environment).base == real)
        var path = environment
        path["PATH"] = temporary.path + ":" + BareRoot.systemPath
        path["PYTHONHOME"] = "/nowhere"
        #expect(try InterpreterProbe.ask("python3", environment: path).base == real)

        for python in interpreters {
            for copies in ["--copies", "--symlinks"] {
                let venv = "\(temporary.path)/venv\(copies)\(python.split(separator: "/").joined())"
                let made = try ChildProcess.run(
                    python, ["-I", "-m", "venv", "--without-pip", copies, venv], environment: environment)
                try #require(made.exitCode == 0)
                #expect(
                    try InterpreterProbe.ask(venv + "/bin/python", environment: environment).base
                        == realPath(python))
            }
        }
    }

    private func refusal(_ python: String, to output: String? = nil, path: String = BareRoot.systemPath)
        throws -> String
    {
        let error = try #require(throws: (any Error).self) {
            try InterpreterCapture.capture(
                python: python, to: output ?? temporary.path + "/out", environment: ["PATH": path])
        }
        #expect(try Directory.open(temporary.path).names().allSatisfy { !$0.hasPrefix("out") })
        return "\(error)"
    }

    private func fake(_ name: String, _ script: String) throws -> String {
        let path = try temporary.write(name, "#!/bin/sh\n\(script)\n", permissions: 0o755)
        chmod(path, 0o755)
        return path
    }

    @Test func whatIsNoFittingInterpreterIsRefused() throws {
        #expect(try refusal("/nowhere/python3").contains("no such program"))
        #expect(try refusal("no-such-python").contains("no such program"))
        #expect(try refusal(temporary.path).contains("no such program"))
        #expect(try refusal("/bin/true").contains("answer as a Python interpreter"))
        #expect(
            try refusal(fake("broken", "echo 'No module named encodings' >&2; exit 1")).contains("encodings"))
        #expect(try refusal(fake("liar", "echo 'airlift:{}'")).contains("something else"))
        let answer = { (implementation: String, version: String) in
            """
            echo 'airlift:{"base":"/bin/true","implementation":"\(implementation)","version":[\(version)],\
            "releaseLevel":"final","cacheTag":"x","abiFlags":"","freeThreaded":false,"platlibdir":"lib",\
            "basePrefix":"/usr","standardLibrary":"/usr/lib/python"}'
            """
        }
        #expect(
            try refusal(fake("pypy3", answer("pypy", "3,10,13"))).contains(
                "CPython is expected and this is pypy"))
        #expect(try refusal(fake("python3.9", answer("cpython", "3,9,18"))).contains("this is 3.9.18"))
    }

    @Test(.enabled(if: canCapture, "needs patchelf and a Python 3.10 or newer"))
    func aMissingToolIsNamedWithTheCommandThatBringsIt() throws {
        #expect(try refusal(interpreters[0], path: temporary.path).contains("apt-get install patchelf"))
    }

    @Test(.enabled(if: canCapture, "needs patchelf and a Python 3.10 or newer"))
    func anOutputThatCannotBeWrittenIsRefused() throws {
        #expect(try refusal(interpreters[0], to: "/nowhere/base.tar.zst").contains("/nowhere/base.tar.zst"))
    }
}

@Suite struct InterpreterArchiveTests {
    let temporary = TemporaryDirectory()

    private func archive(_ members: [(String, String)]) throws -> String {
        let path = temporary.path + "/x"
        _ = unlink(path)
        _ = try TarWriter.write(to: OpenFile.create(path)) { writer in
            for (name, text) in members {
                try writer.add(
                    file: RelativePath(name), permissions: 0o755, modificationTime: 0, bytes: Array(text.utf8)
                )
            }
        }
        return path
    }

    private let description = """
        {"abi":"cp311","cacheTag":"cpython-311","executable":"bin/python3.11","format":1,"glibc":"2.28",
        "glibcNeededBy":["bin/python3.11"],"hooks":[],"implementation":"cpython","leftOut":[],"libraries":[],
        "platform":"linux-64","sitePackages":"lib/python3.11/site-packages","standardLibrary":"lib/python3.11",
        "version":"3.11.2","added later":true}
        """

    @Test func aDescriptionIsReadAndUnknownKeysAreIgnored() throws {
        let read = try InterpreterArchive.read(
            archive([(InterpreterDescription.memberName, description), ("bin/python3.11", "elf")]))
        #expect(read.description.version == "3.11.2")
        #expect(read.files.map(\.path) == [InterpreterDescription.memberName, "bin/python3.11"])
        #expect(read.files[1].sha256 == SHA256.hash("elf"))
    }

    @Test func whatNoCaptureWroteIsRefused() throws {
        let name = InterpreterDescription.memberName
        for (members, words) in [
            ([("bin/python3.11", "elf")], "first member"),
            ([(name, "{}"), ("bin/python3.11", "elf")], "cannot be read"),
            ([(name, description.replacing("\"format\":1", with: "\"format\":2"))], "format 2"),
            ([(name, description)], "lacks its executable"),
        ] {
            let error = try #require(throws: InterpreterError.self) {
                try InterpreterArchive.read(archive(members))
            }
            #expect(error.description.contains(words))
            #expect(error.kind == .damaged)
        }
        #expect(throws: FileError.self) { try InterpreterArchive.read("/nowhere") }
        #expect(throws: TarError.self) { try InterpreterArchive.read(temporary.write("text", "no archive")) }
    }
}

/// A self-signed authority for tests, valid until 2126.
private let toyCertificate = """
    -----BEGIN CERTIFICATE-----
    MIIBhjCCAS2gAwIBAgIUVxftU2jSfHLvJTbmGNtvNdC0BxMwCgYIKoZIzj0EAwIw
    GDEWMBQGA1UEAwwNVG95IGF1dGhvcml0eTAgFw0yNjExMjExMTA3MDlaGA8yMTI2
    MTAyODExMDcwOVowGDEWMBQGA1UEAwwNVG95IGF1dGhvcml0eTBZMBMGByqGSM49
    AgEGCCqGSM49AwEHA0IABKIEUJd/D7bw5N+n3OooSsoa67rxox/nz3bYNEF+TO2d
    1xVhYiXV41uUfsr1zauFxIoCHEo9LWqnTjGDHv1zN6mjUzBRMB0GA1UdDgQWBBR5
    xoZq59QYt4zpW/BbNMxvhvxwQDAfBgNVHSMEGDAWgBR5xoZq59QYt4zpW/BbNMxv
    hvxwQDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIFkoGlkF5ZwM
    Lhe+k5NxSfkKzmhc9kV8XaJAuWPENbbUAiBm9VKuazp1RnCSNKlhwbgBYhTYcrb/
    GcX770KinoRsPA==
    -----END CERTIFICATE-----

    """
