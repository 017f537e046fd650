import TestSupport
import Testing

/// kill -9 at every call that changes something: the old environment or the new one stands, and the next run needs
/// no help and leaves nothing over.
@Suite(.enabled(if: Supervisor.isThere, "no seccomp listener")) struct TortureKillTests {
    @Test(arguments: try TortureFlow.all()) func killedAnywhere(_ flow: TortureFlow) throws {
        // The small form tries what is typical more thoroughly.
        try sweep(flow, stride: flow.isTypical ? 60 : 150)
    }

    private func sweep(_ flow: TortureFlow, stride: Int) throws {
        let sweep = try KillSweep(flow)
        #expect(sweep.calls.count > 5)
        let points = TortureForm.points(sweep.calls.count, stride: stride) {
            flow.isTypical ? sweep.isDecisive($0) : sweep.isRename($0)
        }
        var faults: [String] = []
        var hits: [String] = []
        for point in points {
            guard let hit = try sweep.kill(at: point) else { continue }
            hits.append(hit.call)
            faults += hit.faults
        }
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(5).joined(separator: "\n"))")
        // One run is like the other: each call of the undisturbed one was hit, none twice.
        #expect(hits.sorted() == points.map { sweep.calls[$0] }.sorted())
        TortureForm.report("killed, \(flow.name): \(points.count) points, \(faults.count) faults")
        if TortureForm.isFull { #expect(try sweep.kill(at: sweep.calls.count) == nil) }
    }
}
