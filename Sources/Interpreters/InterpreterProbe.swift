import FoundationEssentials
import Glibc

/// What an interpreter tells of itself.
struct InterpreterProbe: Codable, Equatable {
    /// The real interpreter behind a virtual environment or a version manager's shim, without links.
    var base: String
    var implementation: String
    var version: [Int]
    var releaseLevel: String
    var cacheTag: String
    /// Not "cp313t" but the letters alone.
    var abiFlags: String
    var freeThreaded: Bool
    /// `lib` or `lib64`: where the interpreter looks for its library below its prefix.
    var platlibdir: String
    var basePrefix: String
    var standardLibrary: String
    var extensionModules: String?
    /// The compiled-in places of OpenSSL's certificates; nil without an ssl module.
    var certificateFile: String?
    var certificateDirectory: String?

    /// Runs under every Python that could be named, so that an old one gets its own sentence.
    static let script = """
        import sys, os, json
        base = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
        prefix = getattr(sys, "base_prefix", sys.prefix)
        name = "python%d.%d" % sys.version_info[:2]
        # Before 3.11 a virtual environment made of copies calls itself the base.
        if os.path.exists(os.path.join(os.path.dirname(os.path.dirname(base)), "pyvenv.cfg")):
            for candidate in (name, "python3"):
                candidate = os.path.join(getattr(sys, "base_exec_prefix", prefix), "bin", candidate)
                if os.path.isfile(candidate):
                    base = os.path.realpath(candidate)
                    break
        library = os.path.realpath(os.path.dirname(os.__file__))
        modules = None
        for directory in sys.path + [os.path.join(library, "lib-dynload")]:
            if os.path.basename(directory) == "lib-dynload" and os.path.isdir(directory):
                modules = os.path.realpath(directory)
                break
        certificates = (None, None)
        try:
            import ssl
            paths = ssl.get_default_verify_paths()
            certificates = (paths.openssl_cafile, paths.openssl_capath)
        except Exception:
            pass
        free = False
        try:
            import sysconfig
            free = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
        except Exception:
            pass
        implementation = getattr(sys, "implementation", None)
        sys.stdout.write("airlift:" + json.dumps({
            "base": base,
            "implementation": getattr(implementation, "name", "cpython"),
            "version": list(sys.version_info[:3]),
            "releaseLevel": sys.version_info[3],
            "cacheTag": getattr(implementation, "cache_tag", None) or "",
            "abiFlags": getattr(sys, "abiflags", ""),
            "freeThreaded": free,
            "platlibdir": getattr(sys, "platlibdir", "lib"),
            "basePrefix": os.path.realpath(prefix),
            "standardLibrary": library,
            "extensionModules": modules,
            "certificateFile": certificates[0],
            "certificateDirectory": certificates[1],
        }))
        """

    /// Asks `python`, and then the interpreter behind it.
    /// - Parameter environment: of this process; what would change the answer is taken out.
    static func ask(_ python: String, environment: [String: String]) throws(InterpreterError)
        -> InterpreterProbe
    {
        guard let program = findProgram(python, path: environment["PATH"]) else {
            throw InterpreterError(python, .missing)
        }
        let first = try ask(program, called: python, environment)
        try first.check(python)
        guard let here = realPath(program), here != first.base else { return first }
        let second = try ask(first.base, called: python, environment)
        try second.check(python)
        return second
    }

    private func check(_ python: String) throws(InterpreterError) {
        let number = version.map(String.init).joined(separator: ".")
        guard implementation == "cpython" else {
            throw InterpreterError(python, .wrongImplementation("\(implementation) \(number)"))
        }
        guard version.count == 3, version[0] == 3, version[1] >= 10 else {
            throw InterpreterError(python, .tooOld(number))
        }
    }

    private static func ask(
        _ program: String, called python: String, _ environment: [String: String]
    ) throws(InterpreterError) -> InterpreterProbe {
        var clean = environment.filter { name, _ in
            !name.hasPrefix("PYTHON") && !name.hasPrefix("LD_") && !name.hasPrefix("SSL_CERT")
                && !["VIRTUAL_ENV", "__PYVENV_LAUNCHER__", "BASH_ENV", "ENV"].contains(name)
        }
        clean["LC_ALL"] = "C"
        let result: ChildProcess
        do throws(ChildProcess.Failed) {
            result = try ChildProcess.run(
                program, ["-I", "-S", "-c", script], environment: clean, seconds: 60)
        } catch { throw InterpreterError(python, .noInterpreter("\(error)")) }
        let mark = Array("airlift:".utf8)
        guard result.exitCode == 0, result.output.starts(with: mark) else {
            // Python 2 does not know -I.
            let old =
                result.complaint.contains("Unknown option: -I") || result.complaint.contains("python -h")
            throw InterpreterError(
                python,
                old
                    ? .tooOld("Python 2")
                    : .noInterpreter("ended with \(result.exitCode) and \(result.complaint)"))
        }
        do {
            return try JSONDecoder().decode(Self.self, from: Data(result.output.dropFirst(mark.count)))
        } catch { throw InterpreterError(python, .noInterpreter("answered with something else")) }
    }
}
