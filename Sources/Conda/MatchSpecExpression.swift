/// A regular expression of a match spec: literals, `.`, classes, groups, `|`, `* + ?` and `{m,n}`, `^` and `$`.
///
/// Repodata comes from elsewhere, so the time to match is bounded by the product of both lengths: all ways
/// through the expression are followed at once, and what cannot be followed so (look-around, back-references)
/// is refused, as CEP 29 recommends.
struct MatchSpecExpression: Sendable {
    enum Instruction: Sendable {
        case byte(ByteSet)
        case split(Int, Int)
        case start, end, match
    }

    private let program: [Instruction]

    init(_ text: String) throws(CondaError) {
        var parser = MatchSpecExpressionParser(text)
        program = try parser.program()
    }

    /// Whether it is found anywhere in the text.
    func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var current = ThreadList(program.count)
        var next = ThreadList(program.count)
        for index in 0...bytes.count {
            if add(0, to: &current, at: index, of: bytes.count) { return true }
            guard index < bytes.count else { break }
            next.removeAll()
            for counter in current.counters {
                if case .byte(let set) = program[counter], set.contains(bytes[index]),
                    add(counter + 1, to: &next, at: index + 1, of: bytes.count)
                {
                    return true
                }
            }
            swap(&current, &next)
        }
        return false
    }

    /// Follows all that takes no byte; true where the end of the expression is reached.
    private func add(_ counter: Int, to list: inout ThreadList, at index: Int, of count: Int) -> Bool {
        var waiting = [counter]
        while let counter = waiting.popLast() {
            guard list.insert(counter) else { continue }
            switch program[counter] {
            case .byte: continue
            case .match: return true
            case .split(let first, let second): waiting += [second, first]
            case .start: if index == 0 { waiting.append(counter + 1) }
            case .end: if index == count { waiting.append(counter + 1) }
            }
        }
        return false
    }

    private struct ThreadList {
        private(set) var counters: [Int] = []
        private var isIn: [Bool]
        init(_ count: Int) { isIn = Array(repeating: false, count: count) }

        mutating func insert(_ counter: Int) -> Bool {
            if isIn[counter] { return false }
            isIn[counter] = true
            counters.append(counter)
            return true
        }

        mutating func removeAll() {
            for counter in counters { isIn[counter] = false }
            counters.removeAll(keepingCapacity: true)
        }
    }

    /// A set of byte values; letters are put in in both cases.
    struct ByteSet: Hashable, Sendable {
        private var words: SIMD4<UInt64> = .zero

        func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

        mutating func insert(_ byte: UInt8) {
            for byte in [byte, byte.lowered, byte.isLetter ? byte.lowered ^ 0x20 : byte] {
                words[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
            }
        }

        mutating func formUnion(_ other: ByteSet) { words |= other.words }
        var inverted: ByteSet {
            var set = self
            set.words = ~words
            return set
        }
    }
}
