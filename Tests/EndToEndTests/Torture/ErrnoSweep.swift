import Glibc
import TestSupport

/// One thing that the system does to a call instead of doing it.
struct Injury: Sendable {
    let name: String
    let verdict: Verdict
    /// The system's words for it, which the message is to have; nil where the command is to go on and succeed.
    let words: String?

    static func error(_ name: String, _ code: Int32) -> Injury {
        Injury(
            name: name, verdict: .fail(code), words: code == EINTR ? nil : String(cString: strerror(code)))
    }

    /// This user may not write here.
    var isRefusal: Bool { verdict == .fail(EACCES) || verdict == .fail(EROFS) }

    static let short = Injury(name: "short write", verdict: .shorten, words: nil)

    private static let noSpace = error("ENOSPC", ENOSPC)
    private static let quota = error("EDQUOT", EDQUOT)
    private static let io = error("EIO", EIO)
    private static let readOnly = error("EROFS", EROFS)
    private static let files = error("EMFILE", EMFILE)
    private static let access = error("EACCES", EACCES)
    private static let interrupted = error("EINTR", EINTR)

    /// What can happen to a call, by its manual page.
    static func all(for call: SupervisedCall) -> [Injury] {
        let name = call.name
        if SystemCall.opening.contains(name) {
            let creating = call.flags & (O_CREAT | O_TRUNC) != 0 ? [noSpace, quota, readOnly] : []
            return creating + [files, access, io, interrupted]
        }
        if name == "write" || name == "pwrite64" { return [noSpace, quota, io, interrupted, short] }
        if SystemCall.writing.contains(name) { return [noSpace, quota, io, interrupted] }
        if name == "close" { return [noSpace, quota, io, interrupted] }
        if SystemCall.synchronizing.contains(name) { return [noSpace, quota, io, interrupted] }
        if name.hasPrefix("fch") || name.hasPrefix("ch") || name.hasPrefix("ut") { return [readOnly, io] }
        if name == "ftruncate" || name == "fallocate" { return [noSpace, quota, io, interrupted] }
        if SystemCall.removing.contains(name) { return [access, io, readOnly] }
        // mkdir, rename, link, symlink.
        return [noSpace, quota, access, io, readOnly]
    }
}

/// Lets each call of a command fail once in each way that it can.
struct ErrnoSweep {
    struct Point {
        let number: Int
        let call: String
        let injury: Injury
        var paths: [String]
    }

    let scene: TortureScene
    let points: [Point]

    init(_ flow: TortureFlow) throws {
        scene = try TortureScene(flow)
        try scene.reset()
        var points: [Point] = []
        let ran = try Self.counted(scene) { number, call in
            // Reading and closing are by far the most calls: each fails in one way, in turn.
            let all = Injury.all(for: call)
            let isCommon =
                call.name == "close" || !call.changesState && SystemCall.opening.contains(call.name)
            points += (isCommon ? [all[number % all.count]] : all).map {
                Point(number: number, call: call.words, injury: $0, paths: call.paths)
            }
            return .proceed
        }
        guard ran.code == 0 else { throw Unexpected(ran) }
        self.points = points
    }

    /// Calls in the landing place, and the installer's own anywhere but for the system's own files.
    private static func counted(
        _ scene: TortureScene, _ judge: (Int, SupervisedCall) -> Verdict
    ) throws -> Outcome {
        var count = 0
        let landing = scene.landing
        let bundles = try TortureBundles.made().scratch.path
        return try Supervisor.run(scene.command) { call in
            guard call.isBelow(landing) || call.isBelow(bundles) else { return .proceed }
            count += 1
            return judge(count - 1, call)
        }
    }

    /// What a run made of it.
    struct Hit {
        let point: Point
        let ran: Outcome
        let standing: Standing
        /// Sentences on what is wrong; empty where nothing is.
        var faults: [String] = []
    }

    func hurt(_ point: Point) throws -> Hit {
        try scene.reset()
        var point = point
        let expected = point.call
        var call: String?
        let ran = try Self.counted(scene) { number, found in
            guard number == point.number else { return .proceed }
            call = found.words
            // Names of temporary files differ from run to run.
            point.paths = found.paths
            return point.injury.verdict
        }
        var hit = Hit(point: point, ran: ran, standing: scene.standing())
        if call != expected { hit.faults.append("this run called \(call ?? "nothing") instead") }
        try judge(&hit)
        let place = "\(point.injury.name) for call \(point.number + 1), \(point.call)"
        hit.faults = hit.faults.map { "\(place): \($0); \(ran.words)" }
        return hit
    }

    private func judge(_ hit: inout Hit) throws {
        let ran = hit.ran
        let flow = scene.flow
        if ran.code == 0 {
            // Overcome, or of no account: then nothing may be missing.
            if hit.standing != flow.new { hit.faults.append("said done and left \(hit.standing)") }
            return
        }
        guard let words = hit.point.injury.words else {
            hit.faults.append("this is no error")
            return
        }
        // The directory that holds the target: without it, there is no place for an environment (exit code 6).
        let isPlaceRefused =
            hit.point.injury.isRefusal && ran.code == 6
            && ["not writable", "cannot be made a root"].contains(where: ran.errors.contains)
        if ran.code != 7, !isPlaceRefused { hit.faults.append("exit code \(ran.code)") }
        let names = hit.point.paths.map(Self.name)
        if !names.contains(where: ran.errors.contains), !isPlaceRefused {
            hit.faults.append("does not name the file")
        }
        if !ran.errors.contains(words) { hit.faults.append("does not name the cause") }
        // Taking the files of a removed environment away comes after the removal itself.
        let isGone = flow.new == .nothing && hit.standing == .nothing
        if hit.standing != flow.old, !isGone { hit.faults.append("failed and left \(hit.standing)") }
        let (more, fewer) = try differences()
        guard !more.isEmpty || !fewer.isEmpty else { return }
        let (wrong, missing) = (more.filter { !isAllowed($0) }, fewer.filter { !isDispensable($0) })
        if !isGone, !wrong.isEmpty || !missing.isEmpty {
            hit.faults.append("failed and left more: \(wrong.prefix(5)), and less: \(missing.prefix(5))")
        }
        hit.faults += try scene.faultsOfTheNextRun()
    }

    /// What a message is to name: the file, and for compiled modules the directory of the source, whose name is told.
    private static func name(_ path: String) -> String {
        let parts = path.split(separator: "/")
        if let place = parts.lastIndex(of: "__pycache__"), place > 0 { return String(parts[place - 1]) }
        return parts.last.map(String.init) ?? "/"
    }

    /// What there is more and less than before.
    private func differences() throws -> (more: [String], fewer: [String]) {
        let now = Set(try Tree.listing(scene.landing))
        let before = Set(scene.before)
        return (now.subtracting(before).sorted(), before.subtracting(now).sorted())
    }

    /// In a root: a release that is whole and not current, or that is being removed; Airlift's own notes; and a new
    /// root itself. (That releases are whole is part of the standing.)
    private func isAllowed(_ line: String) -> Bool {
        guard scene.flow.isRoot, !line.contains(".part ") else { return false }
        if scene.flow.old == .nothing, line.hasPrefix("r directory") { return true }
        return ["r/releases", "r/state", "r/.airlift"].contains { line.hasPrefix($0) }
    }

    /// What had been kept of an older environment: its place is needed before a new one can be put in place. And, where
    /// that is asked for, releases that are not current.
    private func isDispensable(_ line: String) -> Bool {
        if line.hasPrefix("p.airlift-old") || line.hasPrefix("r/.airlift/") { return true }
        guard case .version(let version) = scene.flow.old, scene.flow.old == scene.flow.new else {
            return false
        }
        return line.hasPrefix("r/releases/") && !line.hasPrefix("r/releases/\(version)")
    }
}
