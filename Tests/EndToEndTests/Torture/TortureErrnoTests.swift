import TestSupport
import Testing

/// Every call fails once in every way that it can: exit code 7, a sentence with the file and the cause, and the old
/// environment as it was, to the byte.
@Suite(.enabled(if: Supervisor.isThere, "no seccomp listener")) struct TortureErrnoTests {
    @Test(arguments: try TortureFlow.all().filter { TortureForm.isFull || $0.isTypical }) func failsCleanly(
        _ flow: TortureFlow
    ) throws {
        let sweep = try ErrnoSweep(flow)
        #expect(sweep.points.count > 20)
        var faults: [String] = []
        var overcome = 0
        let points = TortureForm.points(sweep.points.count, stride: 120)
        for point in points {
            let hit = try sweep.hurt(sweep.points[point])
            if hit.ran.code == 0 { overcome += 1 }
            faults += hit.faults
        }
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(200).joined(separator: "\n"))")
        TortureForm.report(
            "failed, \(flow.name): \(points.count) points, \(overcome) overcome, \(faults.count) faults")
    }
}
