import Files
import Glibc
import TestSupport

/// What takes seconds to make and is only read: made once, by the test that needs it first.
enum Shared {
    /// `3.11` of this machine's `/usr/bin/python3`.
    static let minorVersion: String = {
        let ran = try? run([
            "/usr/bin/python3", "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2], end='')",
        ])
        return ran?.output ?? "no /usr/bin/python3"
    }()

    struct Interpreter {
        let scratch: TemporaryDirectory
        let path: String
        let sha256: String
    }

    /// This machine's interpreter, captured.
    static func interpreter() throws -> Interpreter { try captured.get() }

    private static let captured = Result {
        let scratch = TemporaryDirectory()
        let path = scratch.path + "/cpython-linux-64.tar.zst"
        let ran = try run([Product.airlift, "python", "capture", "/usr/bin/python3", "-o", path])
        guard ran.code == 0 else { throw Unexpected(ran) }
        return Interpreter(scratch: scratch, path: path, sha256: try Tree.digest(path).hex)
    }

    /// A workshop, what it cut, and the index that it asked.
    struct Cut {
        let workshop: Workshop
        let index: ToyIndex
        let bundle: String
    }

    /// Carries an interpreter, wheels and a file: the whole flight.
    static func whole() throws -> Cut { try wholeCut.get() }

    // Unsafe for the compiler alone: made once by a lazy static, and only read after that.
    nonisolated(unsafe) private static let wholeCut = Result {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.scratch.write("payroll/config/payroll.toml", "rate = 3\n")
        try workshop.spec(
            index: index.url, python: carried(in: workshop),
            more: "[files]\n\"etc/payroll.toml\" = \"config/payroll.toml\"")
        return Cut(workshop: workshop, index: index, bundle: try workshop.cut())
    }

    /// The lines of a spec that carry the captured interpreter, which is put beside the spec.
    static func carried(in workshop: Workshop) throws -> String {
        let interpreter = try interpreter()
        let name = "cpython-linux-64.tar.zst"
        _ = try Directory.create(workshop.project)
        guard link(interpreter.path, "\(workshop.project)/\(name)") == 0 else {
            throw Unexpected("cannot link '\(name)': errno \(errno)")
        }
        return "archive = \"\(name)\"\nsha256 = \"\(interpreter.sha256)\""
    }

    /// Carries no interpreter: small, and quick to install.
    static func light() throws -> Cut { try lightCut.get() }

    // Unsafe for the compiler alone: made once by a lazy static, and only read after that.
    nonisolated(unsafe) private static let lightCut = Result {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.spec(index: index.url, more: "[state]\npaths = [\"var\"]")
        return Cut(workshop: workshop, index: index, bundle: try workshop.cut())
    }

    /// As `light`, a version later and with another `shouter`.
    static func lighter() throws -> Cut { try lighterCut.get() }

    // Unsafe for the compiler alone: made once by a lazy static, and only read after that.
    nonisolated(unsafe) private static let lighterCut = Result {
        let workshop = try Workshop()
        var wheels = ToyIndex.greeting
        wheels[1] = WheelBuilder("shouter", "2.1")
        let index = ToyIndex(wheels)
        try workshop.spec(
            index: index.url, requirements: ["greeter==1.0", "shouter==2.1"],
            more: "[state]\npaths = [\"var\"]")
        return Cut(workshop: workshop, index: index, bundle: try workshop.cut(calver: "2026.12.01"))
    }

    /// A bundle as a person carries it: installs without waiting for the disk.
    static func install(
        _ bundle: String, _ prefix: String, _ options: [String] = ["--no-compile"],
        environment: [String: String] = [:]
    ) throws -> Outcome {
        try run(["sh", bundle, "-b", "--no-sync", "-p", prefix] + options, environment: environment)
    }
}
