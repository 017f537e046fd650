/// The same numbers in every run.
struct Xorshift: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

/// Versions of few different parts, so that many of them are nearly equal.
enum RandomVersion {
    private static let parts = [
        "0", "00", "1", "2", "10", "01", "a", "b", "rc", "dev", "post", "0a", "1a", "1post", "1dev", "a1",
        "rc2",
        "2a1b", "dev3", "1a0", "1a0b", "z",
    ]

    static func text(_ generator: inout Xorshift) -> String {
        func pick() -> String { parts[Int.random(in: 0..<parts.count, using: &generator)] }
        var text = Int.random(in: 0..<8, using: &generator) == 0 ? "1!" : ""
        let count = Int.random(in: 1...5, using: &generator)
        text += (0..<count).map { _ in pick() }.joined(separator: ".")
        if Int.random(in: 0..<10, using: &generator) == 0 { text += "_" }
        if Int.random(in: 0..<6, using: &generator) == 0 { text += "+\(pick()).\(pick())" }
        return text
    }
}
