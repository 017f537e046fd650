import CScan
import Digests
import Glibc

/// Finds the bytes that a file had in its package from the bytes that it has in a prefix: what `PrefixRewriter` did,
/// undone.
///
/// A file may name the prefix by itself, as `/usr` is named by many: which occurrences were a placeholder is not to
/// be seen. So the answer is proved twice: it has the digest that the package states, and rewriting it gives the
/// installed bytes again. Where no occurrence is the package's own, the first guess is right; otherwise some
/// combinations are tried, and a file with many such occurrences is given up.
public struct PrefixRestorer: Sendable {
    private let placeholder: PathsJSON.Placeholder
    private let prefix: String
    private let encodings: [EncodedPlaceholder]
    /// Guesses whose bytes are hashed, at most.
    private static let mostGuesses = 256
    /// Combinations that are looked at, at most.
    private static let mostCombinations = 2_000

    var prefixBytes: [UInt8] { encodings[0].replacement }
    var placeholderBytes: [UInt8] { encodings[0].needle }

    /// - Throws: what `PrefixRewriter.check` throws.
    public init(_ placeholder: PathsJSON.Placeholder, prefix: String) throws(CondaError) {
        try PrefixRewriter.check(placeholder, prefix: prefix)
        self.placeholder = placeholder
        self.prefix = prefix
        encodings = EncodedPlaceholder.all(placeholder.text, prefix)
    }

    /// - Parameters:
    ///   - sha256: of the file in the package.
    ///   - size: bytes of the file in the package, where that is known.
    /// - Returns: nil where there is no such original, or none was found.
    public func original(
        of installed: UnsafeRawBufferPointer, sha256: SHA256Digest, size: UInt64?
    ) -> Restoration? {
        var guesses = Self.mostGuesses
        func accept(_ edits: [Restoration.Edit]?) -> Restoration? {
            guard let edits, guesses > 0 else { return nil }
            let guess = Restoration(edits, installedSize: installed.count)
            if let size, guess.size != size { return nil }
            guesses -= 1
            return proves(guess, installed, sha256) ? guess : nil
        }
        let occurrences = occurrences(in: installed)
        let headers = placeholder.mode == .text ? headers(of: installed) : []
        for header in [nil] + headers {
            let own = occurrences.filter { $0.start >= header?.range.upperBound ?? 0 }
            var combinations = Self.mostCombinations
            for count in counts(own, header, installed.count, size) {
                let found = Self.combinations(of: count, from: own.count, &combinations) { skipped in
                    accept(edits(own, skipping: skipped, header, installed))
                }
                if let found { return found }
                if combinations == 0 || guesses == 0 { break }
            }
        }
        return nil
    }

    /// How many occurrences stay: where the size of a text tells that, one number or none.
    private func counts(
        _ occurrences: [Occurrence], _ header: Restoration.Edit?, _ installed: Int, _ size: UInt64?
    ) -> [Int] {
        let surplus = encodings[0].surplus
        guard placeholder.mode == .text, surplus != 0, let size, let size = Int(exactly: size),
            occurrences.allSatisfy({ $0.encoding == 0 })
        else { return Array(0...occurrences.count) }
        let growth = size - installed - (header.map { $0.bytes.count - $0.range.count } ?? 0)
        let (replaced, rest) = growth.quotientAndRemainder(dividingBy: surplus)
        guard rest == 0, (0...occurrences.count).contains(replaced) else { return [] }
        return [occurrences.count - replaced]
    }

    private func proves(
        _ guess: Restoration, _ installed: UnsafeRawBufferPointer, _ sha256: SHA256Digest
    ) -> Bool {
        var hasher = SHA256()
        guess.forEachPiece(of: installed) { (piece) throws(Never) in hasher.update(piece) }
        guard hasher.finalize() == sha256, var rewriter = try? PrefixRewriter(placeholder, prefix: prefix)
        else { return false }
        var position = 0
        var isSame = true
        func compare(_ piece: UnsafeRawBufferPointer) throws(Never) {
            guard isSame, let base = piece.baseAddress, let other = installed.baseAddress else { return }
            isSame =
                piece.count <= installed.count - position
                && memcmp(base, other + position, piece.count) == 0
            position += piece.count
        }
        guess.forEachPiece(of: installed) { (piece) throws(Never) in rewriter.update(piece, compare) }
        rewriter.finish(compare)
        return isSame && position == installed.count
    }
}

extension PrefixRestorer {
    /// A place where the prefix stands.
    struct Occurrence {
        let start: Int
        let encoding: Int
    }

    private func occurrences(in bytes: UnsafeRawBufferPointer) -> [Occurrence] {
        var found: [Occurrence] = []
        for (index, encoding) in encodings.enumerated() {
            var position = 0
            while let start = Self.find(encoding.replacement, in: bytes, from: position) {
                found.append(Occurrence(start: start, encoding: index))
                // A prefix such as /a/a may overlap itself.
                position = start + 1
            }
        }
        return found.sorted { $0.start < $1.start }
    }

    private static func find(_ needle: [UInt8], in bytes: UnsafeRawBufferPointer, from position: Int) -> Int?
    {
        guard let base = bytes.baseAddress, bytes.count - position >= needle.count,
            let found = memmem(base + position, bytes.count - position, needle, needle.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// - Parameter skipped: indices of occurrences that stay, in order.
    /// - Returns: nil where the bytes show that it cannot have been so.
    private func edits(
        _ occurrences: [Occurrence], skipping skipped: [Int], _ header: Restoration.Edit?,
        _ installed: UnsafeRawBufferPointer
    ) -> [Restoration.Edit]? {
        var edits = header.map { [$0] } ?? []
        var skipped = skipped[...]
        /// The string that something was replaced in: its encoding, and how often.
        var open: (encoding: Int, count: Int)?
        var position = 0

        /// Takes away the NULs with which the string was filled.
        func close(before limit: Int) -> Bool {
            guard let (encoding, count) = open else { return true }
            open = nil
            let zeros = [UInt8](repeating: 0, count: encodings[encoding].unit)
            let end = Self.find(zeros, in: installed, from: position) ?? installed.count
            let filled = count * encodings[encoding].surplus
            // A string that the file's end cuts off is filled up to there: all NULs at the end are filling.
            guard end + filled <= limit, installed[end..<(end + filled)].allSatisfy({ $0 == 0 }) else {
                return false
            }
            if filled > 0 { edits.append(.init(range: end..<(end + filled), bytes: [])) }
            return true
        }

        for (index, occurrence) in occurrences.enumerated() {
            if skipped.first == index {
                skipped = skipped.dropFirst()
                continue
            }
            let encoding = encodings[occurrence.encoding]
            let range = occurrence.start..<(occurrence.start + encoding.replacement.count)
            guard range.lowerBound >= position else { return nil }
            if placeholder.mode == .binary {
                if let current = open {
                    let zeros = [UInt8](repeating: 0, count: encodings[current.encoding].unit)
                    let end = Self.find(zeros, in: installed, from: position) ?? installed.count
                    if end < range.lowerBound {
                        guard close(before: range.lowerBound) else { return nil }
                    } else if current.encoding != occurrence.encoding {
                        continue
                    }
                }
                open = (occurrence.encoding, (open?.count ?? 0) + 1)
            }
            edits.append(.init(range: range, bytes: encoding.needle))
            position = range.upperBound
        }
        return close(before: installed.count) ? edits : nil
    }

    /// Calls `body` with each choice of `count` numbers below `total`, until it gives something.
    private static func combinations<Value>(
        of count: Int, from total: Int, _ budget: inout Int, _ body: ([Int]) -> Value?
    ) -> Value? {
        var choice = Array(0..<count)
        while budget > 0 {
            budget -= 1
            if let value = body(choice) { return value }
            guard let last = choice.indices.last(where: { choice[$0] < total - count + $0 }) else {
                return nil
            }
            choice[last] += 1
            for index in choice.indices.dropFirst(last + 1) { choice[index] = choice[index - 1] + 1 }
        }
        return nil
    }
}
