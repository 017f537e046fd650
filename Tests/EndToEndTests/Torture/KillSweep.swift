import Glibc
import TestSupport

/// Kills a command at each of its calls that change something in the landing place, and looks what is left.
struct KillSweep {
    let scene: TortureScene
    /// The calls of an undisturbed run, in order.
    let calls: [String]

    init(_ flow: TortureFlow) throws {
        scene = try TortureScene(flow)
        try scene.reset()
        var calls: [String] = []
        let ran = try Self.counted(scene) { _, call in
            calls.append(call.words)
            return .proceed
        }
        guard ran.code == 0 else { throw Unexpected(ran) }
        self.calls = calls
    }

    /// - Parameter judge: gets the number, from 0, of each call that changes something in the landing place.
    private static func counted(
        _ scene: TortureScene, _ judge: (Int, SupervisedCall) -> Verdict
    ) throws -> Outcome {
        var count = 0
        let landing = scene.landing
        return try Supervisor.run(scene.command) { call in
            guard call.changesState, call.isBelow(landing) else { return .proceed }
            count += 1
            return judge(count - 1, call)
        }
    }

    func isRename(_ point: Int) -> Bool {
        SystemCall.renaming.contains(String(calls[point].prefix { $0 != " " }))
    }

    /// Whether the small form tries it as well: what makes a difference to somebody who looks, and what is around it.
    func isDecisive(_ point: Int) -> Bool {
        let around = calls[max(0, point - 1)...min(calls.count - 1, point + 1)]
        return around.contains { call in
            (SystemCall.renaming.union(["fsync", "syncfs"])).contains(String(call.prefix { $0 != " " }))
        }
    }

    struct Hit {
        let call: String
        /// Sentences on what is wrong; empty where nothing is.
        let faults: [String]
    }

    /// Kills just before the call with this number, counted from 0, happens.
    func kill(at point: Int) throws -> Hit? {
        try scene.reset()
        var hit: String?
        let ran = try Self.counted(scene) { number, call in
            guard number == point else { return .proceed }
            hit = call.words
            return .kill
        }
        guard let hit else { return nil }
        var faults: [String] = []
        if ran.signal != SIGKILL { faults.append("it was not killed: \(ran.words)") }
        let flow = scene.flow
        let between = scene.standing()
        if between != flow.old, between != flow.new, !scene.isUnfinished { faults.append("left \(between)") }
        faults += try scene.faultsOfTheNextRun()
        return Hit(call: hit, faults: faults.map { "killed before call \(point + 1), \(hit): \($0)" })
    }
}
