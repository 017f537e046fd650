import Conda
import TestSupport
import Testing

@testable import Conda

/// The order as CEP 33 words it, over lists: slow, and written without a look at the keys that are compared.
private struct ReferenceVersion {
    enum Component: Equatable {
        case word(String)
        case number(Int)
        case post
    }

    let parts: [[[Component]]]

    init(_ text: String) {
        var rest = text.lowercased()[...]
        var epoch = "0"[...]
        if let bang = rest.firstIndex(of: "!") {
            epoch = rest[..<bang]
            rest = rest[rest.index(after: bang)...]
        }
        let halves = rest.split(separator: "+")
        var main = halves[0]
        let isOpen = main.hasSuffix("_")
        if isOpen { main = main.dropLast() }
        var segments = main.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "_" }.map(
            String.init)
        if isOpen { segments[segments.count - 1] += "_" }
        let local = halves.count > 1 ? halves[1].split { $0 == "." || $0 == "_" }.map(String.init) : []
        parts = [([String(epoch)] + segments).map(Self.components), local.map(Self.components)]
    }

    private static func components(_ segment: String) -> [Component] {
        var result: [Component] = segment.first.map { $0.isNumber } == true ? [] : [.number(0)]
        var rest = segment[...]
        while let first = rest.first {
            let run = rest.prefix { $0.isNumber == first.isNumber }
            result.append(
                first.isNumber ? .number(Int(run) ?? -1) : run == "post" ? .post : .word(String(run)))
            rest = rest[run.endIndex...]
        }
        return result
    }

    /// "Strings are considered smaller than integers, except for `post`, which is always greater."
    private static func order(_ a: Component, _ b: Component) -> Int {
        switch (a, b) {
        case (.number(let a), .number(let b)): return a < b ? -1 : a == b ? 0 : 1
        case (.word(let a), .word(let b)):
            if a == b { return 0 }
            return a == "dev" || b != "dev" && a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
        case (.post, .post): return 0
        case (.word, _), (_, .post): return -1
        case (_, .word), (.post, _): return 1
        }
    }

    /// "When a component has no correspondent, the missing component is assumed to be `0`."
    func order(against other: ReferenceVersion) -> Int {
        for (mine, theirs) in zip(parts, other.parts) {
            for segment in 0..<max(mine.count, theirs.count) {
                let a = segment < mine.count ? mine[segment] : []
                let b = segment < theirs.count ? theirs[segment] : []
                for index in 0..<max(a.count, b.count) {
                    let order = Self.order(
                        index < a.count ? a[index] : .number(0), index < b.count ? b[index] : .number(0))
                    if order != 0 { return order }
                }
            }
        }
        return 0
    }
}

@Suite("Laws of the order of versions")
struct CondaVersionLawTests {
    @Test func orderIsThatOfTheLists() throws {
        var generator = Xorshift(seed: 1)
        for _ in 0..<20_000 {
            let (a, b) = (RandomVersion.text(&generator), RandomVersion.text(&generator))
            let expected = ReferenceVersion(a).order(against: ReferenceVersion(b))
            let (first, second) = (try CondaVersion(a), try CondaVersion(b))
            #expect((first < second) == (expected < 0), "\(a) \(b)")
            #expect((second < first) == (expected > 0), "\(a) \(b)")
            #expect((first == second) == (expected == 0), "\(a) \(b)")
        }
    }

    @Test func orderIsTotalAndTransitive() throws {
        var generator = Xorshift(seed: 2)
        let versions = try (0..<150).map { _ in try CondaVersion(RandomVersion.text(&generator)) }
        for a in versions {
            for b in versions {
                #expect([a < b, a == b, b < a].count { $0 } == 1, "\(a) \(b)")
                guard a <= b else { continue }
                for c in versions where b <= c { #expect(a <= c, "\(a) \(b) \(c)") }
            }
        }
    }

    /// A series has no gaps: what lies between two of its versions is of it.
    @Test func aSeriesIsAnInterval() throws {
        var generator = Xorshift(seed: 3)
        let versions = try (0..<400).map { _ in try CondaVersion(RandomVersion.text(&generator)) }.sorted()
        for version in versions.prefix(100) {
            let prefix = try CondaVersionPrefix(version)
            #expect(version.starts(with: prefix))
            let inside = versions.indices.filter { versions[$0].starts(with: prefix) }
            guard let first = inside.first, let last = inside.last else { continue }
            #expect(inside.count == last - first + 1, "\(version)")
        }
    }

    @Test(
        "29,000 real versions are ordered as conda's own parse of them",
        .enabled(if: SharedData.directory("misc") != nil))
    func realVersions() throws {
        let misc = try #require(SharedData.directory("misc"))
        let texts = try RealVersions.read(misc)
        #expect(texts.count > 28_000)
        let clock = ContinuousClock()
        var sorted: [CondaVersion] = []
        let elapsed = try clock.measure { sorted = try texts.map { try CondaVersion($0) }.sorted() }
        #expect(elapsed < .seconds(15))
        for (a, b) in zip(sorted, sorted.dropFirst()) {
            let order = ReferenceVersion(a.text).order(against: ReferenceVersion(b.text))
            #expect(order <= 0, "\(a) \(b)")
            #expect((order == 0) == (a == b), "\(a) \(b)")
        }
    }
}
