import Glibc
import Testing
import Workers

/// The machine's own Python with pip, and uv, where they are: what other installers make of the same wheels.
struct OraclePython: Sendable {
    /// Absolute.
    let executable: String
    /// `3.11`.
    let minorVersion: String
    /// Whether it has a pip that serves other environments (`--python`, from 22.3 on).
    let hasPip: Bool

    static let current: OraclePython? = {
        let question =
            "import sys; print('%d.%d' % sys.version_info[:2], sys.implementation.name, getattr(sys, '_base_executable', sys.executable))"
        for candidate in ["/usr/bin/python3", "/usr/local/bin/python3"] where access(candidate, X_OK) == 0 {
            let words = run(candidate, ["-I", "-c", question]).output.split(separator: " ").map(String.init)
            guard words.count == 3, words[1] == "cpython" else { continue }
            let pip = run(words[2], ["-I", "-m", "pip", "--python", words[2], "--version"])
            return OraclePython(executable: words[2], minorVersion: words[0], hasPip: pip.succeeded)
        }
        return nil
    }()

    /// On PATH, or where `make oracles` puts it.
    static let uv: String? = {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let places =
            path.split(separator: ":").map { "\($0)/uv" } + ["\(package)/.build/oracles/tools/bin/uv"]
        return places.first { access($0, X_OK) == 0 && run($0, ["--version"]).succeeded }
    }()

    static let package = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

    struct Ended: CustomStringConvertible {
        let succeeded: Bool
        let output: String
        var description: String { output }
    }

    /// With nothing of the caller's configuration.
    static func run(_ executable: String, _ arguments: [String], in directory: String = "/") -> Ended {
        let environment = [
            "PATH": "/usr/bin:/bin", "PIP_CONFIG_FILE": "/dev/null", "PIP_ROOT_USER_ACTION": "ignore",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8",
            "UV_NO_CONFIG": "1", "UV_OFFLINE": "1", "UV_NO_CACHE": "1", "UV_PYTHON_DOWNLOADS": "never",
        ]
        guard
            let process = try? ChildProcess(
                executable, arguments, environment: environment, directory: directory, mergingErrors: true)
        else { return Ended(succeeded: false, output: "\(executable) does not start") }
        process.closeInput()
        let output = process.readAll()
        return Ended(succeeded: process.wait() == .exited(0), output: output)
    }
}
