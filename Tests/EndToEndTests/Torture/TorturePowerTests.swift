import TestSupport
import Testing

/// The power goes at any moment: what was reported as done is on the disk, and what was not is the old environment or
/// the new one.
@Suite(.enabled(if: Supervisor.isThere && Machine.mayMount, "only root may mount"), .serialized)
struct TorturePowerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let flow: TortureFlow
        let kind: DiskImage.Kind
        let committed: Bool
        var testDescription: String {
            "\(flow.name), \(kind.rawValue), \(committed ? "names are written first" : "as it comes")"
        }
    }

    /// All flows on ext4, with its journal written or not; the small form and the other file systems take fewer.
    static func cases() throws -> [Case] {
        let flows = try TortureFlow.all().filter { !$0.runsScripts }
        return flows.flatMap { flow in
            DiskImage.Kind.allCases.filter(\.isThere).flatMap { kind in
                [true, false].map { Case(flow: flow, kind: kind, committed: $0) }
            }
        }.filter { TortureForm.isFull || ($0.kind == .ext4 && $0.committed && $0.flow.isTypical) }
    }

    @Test(arguments: try cases()) func losesNothing(_ each: Case) throws {
        let cut = PowerCut(flow: each.flow, kind: each.kind, committed: each.committed)
        // Other file systems copy hundreds of megabytes for each moment.
        let stride = TortureForm.isFull ? (each.kind == .ext4 ? 1 : 8) : 40
        let result = try cut.run { number, name in
            number % stride == 0 || SystemCall.synchronizing.contains(name)
                || SystemCall.renaming.contains(name)
        }
        #expect(result.points > 5 && result.states > 0)
        #expect(
            result.faults.isEmpty,
            "\(result.faults.count) faults: \(result.faults.prefix(20).joined(separator: "\n"))")
        TortureForm.report(
            "power cut, \(each.testDescription): \(result.points) points, \(result.states) states of the disk, \(result.faults.count) faults"
        )
    }
}
