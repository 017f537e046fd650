import TestSupport
import Testing

/// A bundle that was cut off or changed on its way is refused before anything is different.
@Suite struct TortureDamageTests {
    /// At every 4 KiB, and one byte before, at and behind each place where a part begins or ends; by the product.
    @Test func cutOffAnywhere() throws {
        let sweep = try DamageSweep()
        let sizes = Set(
            sweep.boundaries.flatMap { [$0 - 1, $0, $0 + 1] }
                + Array(stride(from: 0, to: sweep.whole.count, by: 4_096))
                + [sweep.whole.count - 1]
        ).filter { (0..<sweep.whole.count).contains($0) }.sorted()
        let points = TortureForm.points(sizes.count, stride: 4)
        let faults = try points.compactMap { point in
            try sweep.cut(to: sizes[point]) { try sweep.refusalFault() }
        }
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(10).joined(separator: "\n"))")
        TortureForm.report("bundle cut off: \(points.count) sizes, \(faults.count) not refused")
    }

    /// As it is carried, with an installer of many megabytes.
    @Test func aWholeBundleCutOffAtEvery4KiB() throws {
        let bundle = try Shared.light().bundle
        let size = try Tree.bytes(bundle).count
        let scratch = TortureForm.scratch()
        let copy = scratch.path + "/B.sh"
        #expect(try run(["cp", bundle, copy]).code == 0)
        let sizes = Array(stride(from: 0, to: size, by: 4_096).reversed())
        let points = TortureForm.points(sizes.count, stride: 400)
        var faults: [String] = []
        for point in points {
            #expect(try run(["truncate", "-s", "\(sizes[point])", copy]).code == 0)
            let ran = try run([
                Product.installer, "install", copy, "-b", "-q", "--no-sync", "--root", scratch.path + "/r",
            ])
            if ran.code != 3 || Tree.exists(scratch.path + "/r/current") {
                faults.append("\(sizes[point]) bytes: \(ran.words)")
            }
        }
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(5).joined(separator: "\n"))")
        TortureForm.report(
            "bundle of \(size) bytes cut off: \(points.count) sizes, \(faults.count) not refused")
    }

    enum Part: String, CaseIterable, Sendable { case header, manifest, directory, payload }

    /// Every bit of what says what is inside, and random bits anywhere behind it.
    @Test(arguments: Part.allCases) func aBitTurnedRound(_ part: Part) throws {
        let sweep = try DamageSweep()
        let bits: [Int]
        switch part {
        case .header:
            // The stub, and the headers before each member's contents.
            let stub = Array(sweep.stub.lowerBound * 8..<sweep.manifest.lowerBound * 8)
            bits = stub
        case .manifest: bits = Array(sweep.manifest.lowerBound * 8..<sweep.manifest.upperBound * 8)
        case .directory: bits = Array(sweep.directory.lowerBound * 8..<sweep.directory.upperBound * 8)
        case .payload:
            var dice = TortureCrowdTests.Dice(state: 21)
            let range = sweep.manifest.upperBound * 8..<sweep.directory.lowerBound * 8
            bits = (0..<(TortureForm.isFull ? TortureForm.flips : 100)).map { _ in
                Int.random(in: range, using: &dice)
            }
        }
        let points = part == .payload ? Array(bits.indices) : TortureForm.points(bits.count, stride: 400)
        var faults: [String] = []
        for point in points {
            if let fault = try sweep.flipped(bits[point], sweep.refusalFault) { faults.append(fault) }
        }
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(20).joined(separator: "\n"))")
        TortureForm.report(
            "bit turned round, \(part.rawValue): \(points.count) bits, \(faults.count) not refused")
    }

    /// The benign twin: the same bundle, not damaged, goes in.
    @Test func asItWas() throws {
        let sweep = try DamageSweep()
        #expect(try sweep.refusalFault()?.hasPrefix("not refused") == true)
    }
}
