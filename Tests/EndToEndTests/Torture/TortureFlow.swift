import Files
import Glibc
import TestSupport
import Testing

/// What stands at a place that commands change, as a user sees it.
enum Standing: Equatable, CustomStringConvertible {
    case nothing
    /// Whole: verified, and its program runs.
    case version(String)
    case damaged(String)

    var description: String {
        switch self {
        case .nothing: "nothing"
        case .version(let version): version
        case .damaged(let words): "damaged: \(words)"
        }
    }
}

/// One command on its way from one state to another.
struct TortureFlow: Sendable, CustomTestStringConvertible {
    let name: String
    /// Commands that make the state before; `@/` begins a path in the landing place.
    let before: [[String]]
    let command: [String]
    /// The next run after an interruption; the same command unless it says another.
    var next: [String]?
    /// A path in the landing place.
    let target: String
    var isRoot = false
    /// One of the few that the small form of every sweep tries.
    var isTypical = false
    /// Between the publication and the end of its link scripts an environment is marked as unfinished.
    var runsScripts = false
    let old: Standing
    let new: Standing

    var testDescription: String { name }
}

/// A directory in which flows happen, always at the same path, put back to the state before as often as needed.
final class TortureScene {
    let flow: TortureFlow
    private let scratch = TortureForm.scratch()
    let landing: String
    private let pristine: String
    var target: String { "\(landing)/\(flow.target)" }
    /// What an undisturbed run leaves, without what differs between two runs.
    private(set) var expected: [String] = []
    private(set) var before: [String] = []

    /// - Parameters:
    ///   - landing: a directory that is not there yet; nil for one that goes with the scene.
    ///   - apart: where the state before is kept.
    init(_ flow: TortureFlow, at landing: String? = nil, apart: String? = nil) throws {
        self.flow = flow
        self.landing = landing ?? scratch.path + "/landing"
        pristine = (apart ?? scratch.path) + "/pristine"
        let landing = self.landing
        _ = try Directory.create(landing)
        for command in flow.before {
            let ran = try run(words(command))
            guard ran.code == 0 else { throw Unexpected("\(command): \(ran.words)") }
        }
        let copied = try run(["cp", "-a", landing, pristine])
        guard copied.code == 0 else { throw Unexpected(copied) }
        before = try Tree.listing(landing)
        let ran = try run(command)
        guard ran.code == 0, standing() == flow.new else {
            throw Unexpected("\(flow.name) undisturbed: \(standing()), \(ran.words)")
        }
        expected = try shape()
    }

    func words(_ command: [String]) throws -> [String] {
        command.map { $0.replacing("@/", with: landing + "/") }
    }

    var command: [String] { get throws { try words(flow.command) } }

    /// Puts the landing place back.
    func reset() throws {
        let ran = try run([
            "sh", "-c", "rm -rf \"$1\" && cp -a \"$2\" \"$1\"", "sh", landing, pristine,
        ])
        guard ran.code == 0 else { throw Unexpected(ran) }
    }

    /// Kind, permissions and size of everything, by path.
    func shape() throws -> [String] {
        let root = try Directory.open(landing)
        var lines: [String] = []
        try root.walk { path, status in
            switch status.kind {
            case .symbolicLink: lines.append("\(path) -> \(try root.symbolicLinkTarget(path))")
            case .file: lines.append("\(path) \(status.permissions) \(Self.isDated(path) ? 0 : status.size)")
            case .directory, .other: lines.append("\(path) \(status.kind) \(status.permissions)")
            }
        }
        return lines.sorted()
    }

    /// Runs what comes after an interruption.
    /// - Returns: sentences on what is wrong then; empty where all is as if nothing had happened.
    func faultsOfTheNextRun() throws -> [String] {
        var faults: [String] = []
        let next = try run(words(flow.next ?? flow.command))
        if next.code != 0 { faults.append("the next run: \(next.words)") }
        let after = standing()
        if after != flow.new { faults.append("the next run left \(after)") }
        let shape = try shape()
        if shape != expected {
            let more = Set(shape).subtracting(expected).sorted()
            let fewer = Set(expected).subtracting(shape).sorted()
            faults.append("the next run left more: \(more.prefix(9)), and less: \(fewer.prefix(9))")
        }
        return faults
    }

    /// Whether the target is marked: what it replaced counts, until a run has put it back.
    var isUnfinished: Bool { flow.runsScripts && Tree.exists(target + "/.airlift/unfinished") }

    /// Logs tell of interruptions too.
    private static func isDated(_ path: RelativePath) -> Bool {
        path.string.hasSuffix(".airlift/log") || path.string.hasSuffix(".log")
    }

    /// What a user finds at the target.
    func standing() -> Standing { Self.standing(target, isRoot: flow.isRoot) }

    static func standing(_ target: String, isRoot: Bool) -> Standing {
        guard Tree.exists(target) else { return .nothing }
        do { return try isRoot ? root(target) : environment(target) } catch { return .damaged("\(error)") }
    }

    private static func environment(_ prefix: String) throws -> Standing {
        let verified = try run([Product.installer, "verify-install", prefix])
        guard verified.code == 0 else { return .damaged("\(prefix): \(verified.words)") }
        // Byte code that Python leaves behind would be a difference.
        let ran = try run([prefix + "/bin/greet"], environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        guard ran.code == 0 else { return .damaged(ran.words) }
        return .version(
            ran.output.contains("\"shouter\": \"2.0\"") ? TortureBundles.first : TortureBundles.second)
    }

    private static func root(_ root: String) throws -> Standing {
        for name in try Tree.names(root + "/releases") where !name.hasPrefix(".") {
            if case .damaged(let words) = try environment("\(root)/releases/\(name)") {
                return .damaged(words)
            }
        }
        guard Tree.exists(root + "/current") else { return .nothing }
        return try environment(root + "/" + Directory.open(root).symbolicLinkTarget(RelativePath("current")))
    }
}
