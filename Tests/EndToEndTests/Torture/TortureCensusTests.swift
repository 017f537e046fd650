import TestSupport
import Testing

/// That the sweeps leave nothing out.
@Suite(.enabled(if: Supervisor.isThere && Machine.mayTrace, "strace is not here")) struct TortureCensusTests {
    /// Another pair of eyes: strace sees each call of the same run, whatever it is.
    @Test(arguments: try TortureFlow.all().filter { TortureForm.isFull || $0.isTypical })
    func noCallIsLeftOut(_ flow: TortureFlow) throws {
        let sweep = try KillSweep(flow)
        let scene = sweep.scene
        try scene.reset()
        let trace = TemporaryDirectory()
        let command = ["strace", "-f", "-qq", "-y", "-o", trace.path + "/trace"] + (try scene.command)
        let ran = try run(command, environment: ["SWIFT_DETERMINISTIC_HASHING": "1"])
        #expect(ran.code == 0, "\(ran.words)")
        let known = Set(SystemCall.all.map(\.name)).union(SystemCall.harmless)
        var seen: [String: Int] = [:]
        var strange: Set<String> = []
        for line in try Tree.text(trace.path + "/trace").split(separator: "\n") {
            // `1234 openat(AT_FDCWD</>, "/x", …`; a call that another interrupts is told in two lines.
            let parts = line.split(separator: " ", maxSplits: 1).map { $0.drop { $0 == " " } }
            guard parts.count == 2, let end = parts[1].firstIndex(of: "("), !parts[1].hasPrefix("<... ")
            else {
                continue
            }
            let name = String(parts[1][..<end])
            if !known.contains(name) { strange.insert(name) }
            let arguments = parts[1][end...]
            // Only Python, which compiles in the landing place, names files from where it is.
            let isRelative = arguments.hasPrefix("(\"") && !arguments.hasPrefix("(\"/")
            let place =
                isRelative || line.contains("<\(scene.landing)") || line.contains("\"\(scene.landing)")
            if place, Self.compared.contains(name) { seen[name, default: 0] += 1 }
        }
        #expect(strange.isEmpty, "in neither list of SystemCall")
        var counted: [String: Int] = [:]
        for call in sweep.calls {
            let name = String(call.prefix { $0 != " " })
            if Self.compared.contains(name) { counted[name, default: 0] += 1 }
        }
        #expect(counted == seen, "\(flow.name)")
    }

    /// Calls that change something whatever their arguments are.
    private static let compared = Set(SystemCall.all.map(\.name))
        .subtracting(SystemCall.opening).subtracting(["close", "ioctl"])
}
