import Files
import Glibc
import TestSupport

/// Three bundles of one name, one after the other; each with a `greeter` that knows its number, and a module of it
/// that is imported late.
enum ThreeBundles {
    static let versions = ["2026.10.03", "2026.11.21", "2026.12.01"]

    static func cut() throws -> [String] { try made.get().1 }

    private static let made = Result {
        let workshop = try Workshop()
        let index = ToyIndex(
            (1...3).map { number in
                WheelBuilder(
                    "greeter", "\(number).0",
                    files: [
                        .init("greeter/__init__.py", "def main():\n    print('release \(number)')\n"),
                        .init("greeter/lazy.py", "NUMBER = \(number)\n"),
                    ]
                ) { $0.entryPoints = [("console_scripts", ["greet = greeter:main"])] }
            })
        let bundles = try versions.enumerated().map { place, version in
            try workshop.spec(
                index: index.url, requirements: ["greeter==\(place + 1).0"],
                more: "[state]\npaths = [\"var\"]")
            return try workshop.cut(calver: version)
        }
        return (workshop.scratch, bundles)
    }
}

/// A root, and nothing else around it that its commands could use.
struct RootScene {
    let scratch = TemporaryDirectory()
    var root: String { scratch.path + "/payroll" }
    var kept: String { root + "/.airlift/airlift" }
    /// What runs its programs as somebody else; empty for this user.
    private let user: [String]

    /// - Parameters:
    ///   - count: how many of the three bundles are installed, one after the other.
    ///   - user: a number; nil for this user.
    init(_ count: Int, as user: UInt32? = nil) throws {
        self.user =
            user.map { [Program.find("setpriv"), "--reuid=\($0)", "--regid=\($0)", "--clear-groups"] } ?? []
        chmod(scratch.path, 0o755)
        if let user { chown(scratch.path, user, user) }
        for place in 0..<count { try install(place) }
    }

    @discardableResult
    func install(_ place: Int, _ options: [String] = []) throws -> Outcome {
        let bundle = scratch.path + "/bundle.sh"
        // Beside the root: another user may not look into a workshop.
        guard link(try ThreeBundles.cut()[place], bundle) == 0 else {
            throw Unexpected("cannot link '\(bundle)': errno \(errno)")
        }
        defer { unlink(bundle) }
        let ran = try run(user + ["sh", bundle, "-b", "--no-sync", "--no-compile", "--root", root] + options)
        guard ran.code == 0 else { throw Unexpected(ran) }
        return ran
    }

    /// The kept installer, with no network, no PATH and no bundle.
    func airlift(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        let isolated = Machine.mayMount ? ["unshare", "-n"] : []
        return try run(
            isolated + user + [kept] + arguments, environment: ["PATH": ""].merging(environment) { $1 })
    }

    /// A program of a release that says 'ready' and goes on when it is told to.
    func start(_ code: String, by command: [String]) throws -> Waiting {
        try Waiting(user + command, code, in: scratch)
    }

    /// As `exec` starts it.
    func startByExec(_ code: String, _ options: String...) throws -> Waiting {
        try start(code, by: [kept, "exec"] + options + ["python"])
    }

    var current: String? {
        get throws { try scratch.directory().symbolicLinkTarget(RelativePath("payroll/current")) }
    }

    var releases: [String] { get throws { try Tree.names(root + "/releases") } }
}

/// A Python process that has begun and waits.
final class Waiting {
    let program: Program
    private let flag: String

    init(_ command: [String], _ code: String, in scratch: TemporaryDirectory) throws {
        let holder = "\(scratch.path)/waiting.\(UInt64.random(in: 0 ... .max))"
        flag = holder + ".go"
        let script = """
            import os, sys, time
            import greeter
            open('\(holder)/ready', 'w').close()
            while not os.path.exists('\(flag)'):
                time.sleep(0.01)
            \(code)
            """
        guard mkdir(holder, 0o777) == 0, chmod(holder, 0o777) == 0 else {
            throw Unexpected("cannot make '\(holder)': errno \(errno)")
        }
        program = try Program(command + ["-c", script])
        guard program.waitUntil({ Tree.exists(holder + "/ready") }) else {
            throw Unexpected(try program.wait(seconds: 1))
        }
    }

    deinit { program.destroy() }

    func goOn() throws -> Outcome {
        close(open(flag, O_CREAT | O_WRONLY, 0o644))
        return try program.wait(seconds: 60)
    }
}

extension JSONValue {
    /// Of a list.
    var items: [JSONValue] { if case .list(let items) = self { items } else { [] } }
}
