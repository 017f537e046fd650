import ArgumentParser
import Bundle
import Console
import Glibc
import Install
import Workers

/// Where and how to install: constructor's flags, and Airlift's own.
struct TargetOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The directory that is to hold the environment.", completion: .directory)
    var prefix: String?

    @Flag(
        name: .shortAndLong,
        help: "Replace another environment of Airlift's at the prefix; it is kept as PREFIX.airlift-old.")
    var force = false

    @Flag(
        name: .shortAndLong,
        help: "Update the environment at the prefix; refused where files that nobody recorded would be lost.")
    var update = false

    @Flag(help: "Replace whatever is at the prefix, even what Airlift did not make.")
    var replaceForeign = false

    @Flag(name: .customLong("no-compile"), help: "Do not compile byte code.")
    var noCompile = false

    @Flag(
        name: .customLong("no-sync"), help: "Do not wait for the disk: a power cut may lose the environment.")
    var noSync = false

    @Option(help: "The host's interpreter to use, for bundles that carry none.", completion: .file())
    var python: String?

    @Option(name: .shortAndLong, help: "Threads and compiling processes (default: one a processor).")
    var jobs: Int?

    @Flag(
        name: .customShort("t"), help: "Import every top-level module before the environment is put in place."
    )
    var test = false

    @Flag(name: .customShort("s"), help: "Skip link scripts; they never run anyway, unless asked for.")
    var skipScripts = false

    @Flag(
        name: .customShort("k"), help: "Accepted for compatibility; archives are never unpacked to a cache.")
    var keepPackages = false

    @Flag(name: .customShort("m"), help: "Accepted for compatibility; no menu items are made.")
    var noMenus = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1 on") }
    }

    func request(prefix: String) -> InstallRequest {
        var request = InstallRequest(prefix: Self.absolute(prefix), now: Clock.now)
        request.compile = !noCompile
        request.force = force
        request.update = update
        request.replaceForeign = replaceForeign
        request.synchronize = !noSync
        request.python = python
        request.jobs = jobs ?? availableProcessors
        request.test = test
        return request
    }

    /// The prefix that was given, or the spec's default.
    func chosenPrefix(_ manifest: Manifest) throws -> String {
        guard let path = prefix ?? manifest.install.defaultPrefix else {
            throw ValidationError("name the directory to install into: -p PREFIX")
        }
        return path
    }

    /// `~` is the shell's business; `.` and `..` are taken out by their text, links stay.
    static func absolute(_ path: String) -> String {
        var components: [Substring] = []
        var whole = path
        if !path.hasPrefix("/"), let current = getcwd(nil, 0) {
            whole = String(cString: current) + "/" + path
            free(current)
        }
        for component in whole.split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        return "/" + components.joined(separator: "/")
    }
}

enum Clock {
    /// RFC 3339, UTC, whole seconds.
    static var now: String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
