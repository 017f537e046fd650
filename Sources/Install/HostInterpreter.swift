import Bundle
import Glibc
import Workers

/// An interpreter of the target's own, for bundles that carry none.
public struct HostInterpreter: Hashable, Sendable {
    /// The base interpreter's executable, absolute.
    public let executable: String
    /// Full version.
    public let version: String

    private static let question = """
        import sys
        base = getattr(sys, '_base_executable', sys.executable)
        print('%d.%d.%d' % sys.version_info[:3], sys.implementation.name, sys.implementation.cache_tag, base, sep='\\n')
        """

    /// Finds and runs candidates for the version that the bundle needs.
    ///
    /// - Parameter name: the one to take, where the administrator names one.
    /// - Throws: `InstallError` of kind `hostRequirements`, saying what was found.
    public static func find(_ python: Manifest.Python, named name: String?) throws -> HostInterpreter {
        var found: [String] = []
        for candidate in candidates(python, named: name) {
            guard let answer = ask(candidate) else {
                if name != nil { found.append("'\(candidate)' does not run") }
                continue
            }
            if answer.matches(python) {
                return HostInterpreter(executable: answer.base, version: answer.version)
            }
            found.append("'\(candidate)' is \(answer.implementation) \(answer.version)")
        }
        throw InstallError(
            .hostRequirements,
            "this bundle carries no interpreter and needs \(python.implementation) \(python.minorVersion) of this host; \(found.isEmpty ? "none was found" : "found: " + found.joined(separator: ", ")); install it, or name one with --python"
        )
    }

    private struct Answer {
        let version, implementation, cacheTag, base: String

        func matches(_ python: Manifest.Python) -> Bool {
            implementation == python.implementation && cacheTag == python.cacheTag
                && version.hasPrefix(python.minorVersion + ".")
        }
    }

    private static func candidates(_ python: Manifest.Python, named name: String?) -> [String] {
        if let name { return [name] }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let places = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        var seen: Set<String> = []
        return (places + ["/usr/local/bin", "/usr/bin", "/opt/python\(python.minorVersion)/bin"])
            .flatMap { place in ["python\(python.minorVersion)", "python3"].map { "\(place)/\($0)" } }
            .filter { seen.insert($0).inserted && access($0, X_OK) == 0 }
    }

    private static func ask(_ executable: String) -> Answer? {
        // Version managers put shell scripts on PATH, which need a PATH themselves.
        let environment = getenv("PATH").map { ["PATH": String(cString: $0)] } ?? [:]
        guard
            let process = try? ChildProcess(
                executable, ["-I", "-S", "-B", "-c", question], environment: environment)
        else {
            return nil
        }
        process.closeInput()
        let lines = process.readAll(limit: 65_536).split(separator: "\n").map(String.init)
        guard process.wait() == .exited(0), lines.count == 4 else { return nil }
        return Answer(version: lines[0], implementation: lines[1], cacheTag: lines[2], base: lines[3])
    }
}
