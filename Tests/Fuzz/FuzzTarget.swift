/// A reader that strangers' bytes get to, and laws that hold whatever they are.
struct FuzzTarget: Sendable {
    let name: String
    /// Throws what the reader throws.
    let run: @Sendable ([UInt8]) throws -> Void
    /// Well-formed inputs and some that are refused late.
    var seeds: @Sendable () throws -> [[UInt8]]
    /// What the format is made of, for the dictionary.
    var words: [String] = []

    static let all: [FuzzTarget] = archives + bundles + wheels + conda + others
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}
