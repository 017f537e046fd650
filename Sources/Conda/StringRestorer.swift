/// The binary side of `PrefixRestorer`: NUL-terminated strings get the placeholder back and lose the NULs that fill
/// them.
struct StringRestorer: Sendable {
    private static let pieceSize = 256 << 10
    /// The longest string that is looked at, its NULs included, in bytes.
    static let longestString = 1 << 20

    private let encodings: [EncodedPlaceholder]
    private let longestNeedle: Int
    /// Input that is not yet decided.
    private var input: [UInt8] = []

    init(_ placeholder: String, _ prefix: String) {
        encodings = prefix.isEmpty ? [] : EncodedPlaceholder.all(prefix, placeholder)
        longestNeedle = encodings.map(\.needle.count).max() ?? 1
    }

    mutating func update<E: Error>(
        _ bytes: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.pieceSize)
            rest = rest.dropFirst(piece.count)
            input.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece))
            try process(isLast: false, output)
        }
    }

    mutating func finish<E: Error>(
        _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        try process(isLast: true, output)
    }

    private mutating func process<E: Error>(
        isLast: Bool, _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        var position = 0
        let limit = isLast ? input.count : max(0, input.count - longestNeedle + 1)
        var next = [Int](repeating: -1, count: encodings.count)
        scan: while position < limit {
            var first = (encoding: 0, start: Int.max)
            for index in encodings.indices {
                if next[index] < position {
                    next[index] = find(encodings[index].needle, from: position, limit: limit) ?? .max
                }
                if next[index] < first.start { first = (index, next[index]) }
            }
            try emit(position..<min(first.start, limit), output)
            position = min(first.start, limit)
            guard first.start != .max else { break }
            let encoding = encodings[first.encoding]
            switch string(encoding, from: position, isLast: isLast) {
            case .undecided: break scan
            case .native:
                try emit(position..<(position + encoding.needle.count), output)
                position += encoding.needle.count
            case .filled(let end, let surplus):
                let old = ScriptHeader.replacing(
                    encoding.needle, by: encoding.replacement, in: Array(input[position..<end]))
                try old.withUnsafeBufferPointer { (old) throws(E) in try output(UnsafeRawBufferPointer(old)) }
                position = end + surplus
            }
        }
        input.removeSubrange(..<position)
    }

    private enum Judgement {
        /// The string's end is still to come.
        case undecided
        /// Nothing was replaced here.
        case native
        /// The string before its NULs, and how many of them fill it.
        case filled(end: Int, surplus: Int)
    }

    private func string(_ encoding: EncodedPlaceholder, from start: Int, isLast: Bool) -> Judgement {
        // From here on, the needle is the prefix: replacing it left over what putting the placeholder back takes.
        let each = -encoding.surplus
        let window = min(input.count, start + Self.longestString)
        let isWhole = isLast || window == start + Self.longestString
        let zeros = [UInt8](repeating: 0, count: encoding.unit)
        let content = start + encoding.needle.count
        let end = find(zeros, from: content, limit: window) ?? (isWhole ? window : nil)
        guard let end else { return .undecided }
        var count = 0
        var position = start
        while let found = find(encoding.needle, from: position, limit: end),
            found + encoding.needle.count <= end
        {
            count += 1
            position = found + encoding.needle.count
        }
        let surplus = count * each
        let wanted = end + surplus + encoding.unit
        let known = min(window, wanted)
        guard known >= end, input[end..<known].allSatisfy({ $0 == 0 }) else { return .native }
        if known == wanted { return .filled(end: end, surplus: surplus) }
        if !isWhole { return .undecided }
        // A string that the file's end cuts off is filled up to it.
        return isLast && window == input.count && end + surplus <= window
            ? .filled(end: end, surplus: surplus) : .native
    }

    private func find(_ needle: [UInt8], from position: Int, limit: Int) -> Int? {
        EncodedPlaceholder.find(needle, in: input, from: position, limit: limit)
    }

    private func emit<E: Error>(
        _ range: Range<Int>, _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        guard !range.isEmpty else { return }
        try input.withUnsafeBufferPointer { (bytes) throws(E) in
            try output(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[range])))
        }
    }
}
