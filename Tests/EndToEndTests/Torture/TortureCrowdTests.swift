import Files
import Glibc
import TestSupport
import Testing

/// Many at once: one after the other gets its turn, and never is there a mixture.
@Suite struct TortureCrowdTests {
    /// A generator whose numbers follow from its seed, so that a round can be repeated.
    struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
            return value ^ (value >> 31)
        }
    }

    private var rounds: Int { TortureForm.isFull ? 100 : 2 }

    @Test func eightInstallersOfOneRoot() throws {
        let bundles = try TortureBundles.made()
        let scratch = TortureForm.scratch()
        let root = scratch.path + "/r"
        let installer = try Product.installer
        var dice = Dice(state: 6)
        var faults: [String] = []
        var tally: [String: Int] = [:]
        for round in 1...rounds {
            let programs = try (0..<8).map { _ -> (command: [String], program: Program) in
                let command = Self.command(installer, bundles, root, &dice)
                return (command, try Program(command))
            }
            for (command, program) in programs {
                let ran = try program.wait()
                tally["\(command[1]) \(ran.code)", default: 0] += 1
                // 6: another one is at work, or what was named is not there (any more), or is current.
                guard ran.code != 0 && ran.code != 6 else { continue }
                faults.append("round \(round), \(command.dropFirst().joined(separator: " ")): \(ran.words)")
            }
            if case .damaged(let words) = TortureScene.standing(root, isRoot: true) {
                faults.append("round \(round) left \(words)")
            }
            let kept = try Tree.names(root + "/releases").filter { $0.hasPrefix(".") }
            if !kept.isEmpty { faults.append("round \(round) left \(kept)") }
        }
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(10).joined(separator: "\n"))")
        #expect(tally.keys.contains("install 0"), "\(tally)")
        if TortureForm.isFull { #expect(tally.keys.contains("rollback 0") && tally.keys.contains("prune 0")) }
        let words = tally.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        TortureForm.report(
            "8 at once on a root, \(rounds) rounds: \(faults.count) faults (command and exit code: \(words.joined(separator: ", ")))"
        )
    }

    private static func command(
        _ installer: String, _ bundles: TortureBundles.Made, _ root: String, _ dice: inout Dice
    ) -> [String] {
        let wait = Bool.random(using: &dice) ? ["--wait", "60"] : []
        let place = ["-q", "--root", root] + wait
        let version = Bool.random(using: &dice) ? TortureBundles.first : TortureBundles.second
        switch Int.random(in: 0..<8, using: &dice) {
        case 0...3:
            let bundle = version == TortureBundles.first ? bundles.first : bundles.second
            return [installer, "install", bundle, "-b", "--no-sync", "--allow-downgrade"] + place
        case 4: return [installer, "rollback"] + place
        case 5: return [installer, "activate"] + place + [version]
        case 6: return [installer, "prune", "--keep", "1"] + place
        default: return [installer, "remove"] + place + [version]
        }
    }

    /// Who comes first installs; who may wait finds it installed, and who may not is told.
    @Test(arguments: [true, false]) func oneWinner(waits: Bool) throws {
        let bundles = try TortureBundles.made()
        var faults: [String] = []
        for round in 1...rounds {
            let scratch = TortureForm.scratch()
            let root = scratch.path + "/r"
            let command = [
                try Product.installer, "install", bundles.first, "-b", "--no-sync", "--json", "--root", root,
            ]
            let programs = try (0..<8).map { _ in try Program(command + (waits ? ["--wait", "60"] : [])) }
            let outcomes = try programs.map { try $0.wait() }
            let winners = outcomes.filter { $0.code == 0 && $0.output.contains("\"changed\":true") }.count
            let wrong = outcomes.filter { $0.code != 0 && (waits || $0.code != 6) }
            if winners != 1 || !wrong.isEmpty {
                faults.append("round \(round): \(winners) winners; \(outcomes.map(\.words))")
            }
            let standing = TortureScene.standing(root, isRoot: true)
            if standing != .version(TortureBundles.first) { faults.append("round \(round) left \(standing)") }
        }
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(3).joined(separator: "\n"))")
        TortureForm.report(
            "8 at once into a new root, \(waits ? "waiting" : "not waiting"), \(rounds) rounds: \(faults.count) faults"
        )
    }

    @Test func eightUpdatersOfOnePrefix() throws {
        let bundles = try TortureBundles.made()
        let scratch = TortureForm.scratch()
        let prefix = scratch.path + "/p"
        var faults: [String] = []
        for round in 1...rounds {
            let programs = try (0..<8).map { number in
                try Program([
                    Product.installer, "install", number % 2 == 0 ? bundles.first : bundles.second, "-b",
                    "-f",
                    "-q", "--no-sync", "-p", prefix,
                ])
            }
            for ran in try programs.map({ try $0.wait() }) where ran.code != 0 && ran.code != 6 {
                faults.append("round \(round): \(ran.words)")
            }
            if case .version = TortureScene.standing(prefix, isRoot: false) {
            } else {
                faults.append("round \(round) left \(TortureScene.standing(prefix, isRoot: false))")
            }
            let names = Set(try Tree.names(scratch.path))
            if !names.isSubset(of: ["p", "p.airlift-old"]) { faults.append("round \(round) left \(names)") }
        }
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(5).joined(separator: "\n"))")
        TortureForm.report("8 at once on a prefix, \(rounds) rounds: \(faults.count) faults")
    }
}
