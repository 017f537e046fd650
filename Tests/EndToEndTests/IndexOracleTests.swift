import Files
import Glibc
import TestSupport
import Testing

/// pip, uv and py-rattler install from what `airlift index` writes, with no network but loopback, and make what
/// Airlift's own installer makes.
///
/// Runs where `AIRLIFT_ORACLE_PYTHON` names a Python with pip (and uv beside it), and `AIRLIFT_RATTLER_PYTHON` one with
/// py-rattler.
@Suite(
    .enabled(
        if: Machine.mayMount && Program.exists("ip"), "this needs a network namespace of its own, and ip(8)"))
struct IndexOracleTests {
    private let scratch = TemporaryDirectory()
    private var place: String { scratch.path + "/an index" }
    private var ours: String { scratch.path + "/ours" }
    private var theirs: String { scratch.path + "/theirs" }

    private static func named(_ variable: String) -> String? { getenv(variable).map { String(cString: $0) } }
    static let python = named("AIRLIFT_ORACLE_PYTHON")
    static let rattler = named("AIRLIFT_RATTLER_PYTHON")
    static let uv: String? = {
        let beside = python.map { $0.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/uv" }
        return [beside, OraclePython.uv].compactMap { $0 }.first { access($0, X_OK) == 0 }
    }()

    /// Without a network; `{base}` in the command is where the index is.
    private func offline(_ form: String, _ command: [String]) throws -> Outcome {
        let python = try #require(Self.python ?? Self.rattler)
        return try run(
            ["unshare", "-n", python, Product.root + "/Benchmarks/oracles/offline.py", form, place] + command,
            environment: [
                "HOME": scratch.path + "/home", "LC_ALL": "C.UTF-8", "PIP_CONFIG_FILE": "/dev/null",
                "PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_NO_CONFIG": "1",
                "UV_NO_CACHE": "1", "UV_PYTHON_DOWNLOADS": "never", "PYTHONDONTWRITEBYTECODE": "1",
            ])
    }

    /// Our landing of a bundle of wheels, the index of it, and an empty environment for the others.
    private func land(_ bundle: String) throws {
        let landed = try Shared.install(bundle, ours)
        try #require(landed.code == 0, "\(landed.words)")
        let indexed = try run([Product.airlift, "index", bundle, place])
        try #require(indexed.code == 0, "\(indexed.words)")
        let made = try run(["/usr/bin/python3", "-I", "-m", "venv", "--without-pip", theirs])
        try #require(made.code == 0, "\(made.words)")
    }

    private func compare() throws {
        let compared = try run([
            "/usr/bin/python3", "-I", Product.root + "/Benchmarks/oracles/compare.py", ours, theirs,
        ])
        #expect(compared.code == 0, "\(compared.words)")
        let said = try run([theirs + "/bin/greet"])
        #expect(said.output.contains("\"shouter\": \"2.0\""), "\(said.words)")
    }

    @Test(.enabled(if: python != nil, "AIRLIFT_ORACLE_PYTHON names no Python"), arguments: ["file", "http"])
    func pipInstallsFromTheIndex(form: String) throws {
        try land(Shared.light().bundle)
        let pip = [try #require(Self.python), "-I", "-m", "pip", "--python", theirs + "/bin/python"]
        // By name, with what it depends on.
        let ran = try offline(
            form, pip + ["install", "--quiet", "--no-compile", "--index-url", "{base}/simple/", "greeter"])
        #expect(ran.code == 0, "\(ran.words)")
        try compare()
        // By the list, with its hashes.
        let again = try offline(
            form,
            pip + [
                "install", "--quiet", "--no-compile", "--force-reinstall", "--no-deps", "--require-hashes",
                "--index-url", "{base}/simple/", "-r", place + "/requirements.txt",
            ])
        #expect(again.code == 0, "\(again.words)")
        try compare()
    }

    @Test(.enabled(if: python != nil, "AIRLIFT_ORACLE_PYTHON names no Python"))
    func pipInstallsFromTheDirectory() throws {
        try land(Shared.light().bundle)
        let ran = try offline(
            "file",
            [
                try #require(Self.python), "-I", "-m", "pip", "--python", theirs + "/bin/python", "install",
                "--quiet", "--no-compile", "--no-deps", "--no-index", "--find-links", place + "/wheels",
                "--require-hashes", "-r", place + "/requirements.txt",
            ])
        #expect(ran.code == 0, "\(ran.words)")
        try compare()
    }

    /// The twin: other bytes than the list names are refused.
    @Test(.enabled(if: python != nil, "AIRLIFT_ORACLE_PYTHON names no Python"))
    func pipRefusesOtherBytes() throws {
        try land(Shared.light().bundle)
        let other = WheelBuilder("shouter", "2.0", files: [.init("shouter/__init__.py", "x = 1\n")])
        try scratch.write("an index/wheels/\(other.filename)", other.bytes)
        let ran = try offline(
            "file",
            [
                try #require(Self.python), "-I", "-m", "pip", "--python", theirs + "/bin/python", "install",
                "--no-deps", "--no-index", "--find-links", place + "/wheels", "--require-hashes", "-r",
                place + "/requirements.txt",
            ])
        #expect(ran.code != 0 && ran.words.contains("DO NOT MATCH THE HASHES"), "\(ran.words)")
    }

    @Test(.enabled(if: uv != nil, "there is no uv"), arguments: ["file", "http"])
    func uvInstallsFromTheIndex(form: String) throws {
        try land(Shared.light().bundle)
        let uv = [
            try #require(Self.uv), "pip", "install", "--quiet", "--python", theirs + "/bin/python",
            "--link-mode", "copy", "--default-index", "{base}/simple",
        ]
        let ran = try offline(form, uv + (form == "file" ? ["--offline"] : []) + ["greeter"])
        #expect(ran.code == 0, "\(ran.words)")
        try compare()
        let again = try offline(
            form,
            uv + ["--reinstall", "--no-deps", "--require-hashes", "-r", place + "/requirements.txt"])
        #expect(again.code == 0, "\(again.words)")
        try compare()
    }

    @Test(
        .enabled(if: rattler != nil, "AIRLIFT_RATTLER_PYTHON names no Python with py-rattler"),
        arguments: ["file", "http"])
    func rattlerInstallsFromTheChannel(form: String) throws {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        try workshop.condaSpec(channels: [channel.path], dependencies: channel.pins)
        try solveAndCompare(
            form, bundle: workshop.cut(), names: channel.packages.map(\.name), count: channel.packages.count)
    }

    /// Real packages: chosen again from the channel alone, they are the ones of the bundle.
    @Test(
        .enabled(
            if: rattler != nil && SharedData.directory("channels/forge") != nil,
            "AIRLIFT_RATTLER_PYTHON names no Python with py-rattler, or there is no channel at hand"))
    func rattlerInstallsRealPackages() throws {
        let forge = try #require(SharedData.directory("channels/forge"))
        let pins = try Tree.text(Product.root + "/Benchmarks/conda-pins.txt").split(separator: "\n").map(
            String.init)
        let workshop = try Workshop()
        try workshop.condaSpec(channels: [forge], dependencies: pins, python: "conda = \"3.10.*\"")
        try solveAndCompare(
            "http", bundle: workshop.cut(),
            names: pins.compactMap { $0.split(separator: " ").first.map(String.init) },
            count: pins.count)
    }

    private func solveAndCompare(_ form: String, bundle: String, names: [String], count: Int) throws {
        let indexed = try run([Product.airlift, "index", bundle, place])
        try #require(indexed.code == 0, "\(indexed.words)")
        let prefix = scratch.path + "/environment"
        let script = try scratch.write("solve.py", RattlerInstall.program)
        let solved = try offline(
            form,
            [
                try #require(Self.rattler), script, "{base}/conda", prefix, scratch.path + "/cache",
            ] + names)
        try #require(solved.code == 0, "\(solved.words)")
        #expect(solved.output.split(separator: "\n").count == count, "\(solved.output)")
        try #require(rename(prefix, theirs) == 0)
        let landed = try Shared.install(bundle, prefix)
        try #require(landed.code == 0, "\(landed.words)")
        try #require(rename(prefix, ours) == 0)
        let program = try scratch.write("compare.py", Self.compare)
        let compared = try run([try #require(Self.rattler), program, theirs, ours])
        #expect(compared.code == 0 && compared.output.hasPrefix("same "), "\(compared.words)")
    }

    /// The same files with the same bytes, but for what docs/oracles.md says that py-rattler does otherwise.
    private static let compare = """
        import ast, glob, hashlib, json, os, re, sys

        theirs, ours = sys.argv[1:]

        def files(prefix):
            found = {}
            for folder, folders, names in os.walk(prefix):
                for name in names + [one for one in folders if os.path.islink(os.path.join(folder, one))]:
                    full = os.path.join(folder, name)
                    path = os.path.relpath(full, prefix)
                    if os.path.islink(full):
                        found[path] = os.readlink(full)
                    else:
                        with open(full, 'rb') as file:
                            found[path] = hashlib.sha256(file.read()).hexdigest()
            return found

        def commands(prefix):
            found = set()
            for record in glob.glob(prefix + '/conda-meta/*.json'):
                with open(record) as file:
                    paths = json.load(file)['paths_data']['paths']
                found |= {one['_path'] for one in paths if one['path_type'] == 'unix_python_entry_point'}
            return found

        def named(path):
            return (path.startswith(('.airlift/', 'conda-meta/', 'bin/activate')) or path == 'CACHEDIR.TAG'
                    or path.endswith('.pyc') or path in launchers)

        launchers = commands(theirs) | commands(ours)
        a, b = files(theirs), files(ours)
        differing = sorted(path for path in set(a) | set(b) if not named(path) and a.get(path) != b.get(path))
        records = [sorted(os.path.basename(one) for one in glob.glob(side + '/conda-meta/*.json'))
                   for side in (theirs, ours)]
        if differing or records[0] != records[1]:
            print(differing[:20], records)
            sys.exit(1)
        print('same', len(a))
        """
}
