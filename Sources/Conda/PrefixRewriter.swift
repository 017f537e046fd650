/// Replaces a placeholder by the prefix that a file is installed in, while its bytes stream by.
///
/// - Text: every occurrence is replaced, and a first line that the kernel could not follow becomes a header that
///   starts the same interpreter (`ScriptHeader`). The length may change.
/// - Binary: every occurrence is replaced, what follows it in its NUL-terminated string moves up, and NULs fill
///   the string to its old length. A string that the file's end cuts off is filled there (conda leaves it
///   alone, rattler does the same as this), and one with line feeds in it is replaced too (conda leaves it).
///
/// Occurrences in UTF-16 and UTF-32 are replaced as well, as conda and rattler do. The bytes are the same however
/// the input is cut. Memory: one piece of input of at most 256 KiB, and as much output.
public struct PrefixRewriter: Sendable {
    /// The longest placeholder that is taken, in bytes.
    public static let longestPlaceholder = 4_096
    /// The longest first line that is looked at, in bytes.
    static let longestLine = 8_192
    private static let pieceSize = 256 << 10
    private static let outputSize = 64 << 10

    private let encodings: [EncodedPlaceholder]
    private let mode: PathsJSON.Placeholder.Mode
    private let longestNeedle: Int
    /// Input that is not yet decided.
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var isAtFirstLine: Bool
    /// The encoding of the string that something was replaced in, and whose end is still to come.
    private var open: Int?
    /// Bytes by which that string got shorter.
    private var surplus = 0
    /// Occurrences replaced so far.
    public private(set) var replacements = 0

    /// - Throws: what `check` throws.
    public init(_ placeholder: PathsJSON.Placeholder, prefix: String) throws(CondaError) {
        try Self.check(placeholder, prefix: prefix)
        encodings = EncodedPlaceholder.all(placeholder.text, prefix)
        mode = placeholder.mode
        longestNeedle = encodings.map(\.needle.count).max() ?? 0
        isAtFirstLine = mode == .text
    }

    /// Replaces one text by another wherever it stands, first lines of scripts included, and judges neither.
    init(replacing old: String, by new: String) {
        encodings = EncodedPlaceholder.all(old, new)
        mode = .text
        longestNeedle = encodings.map(\.needle.count).max() ?? 0
        isAtFirstLine = false
    }

    /// Takes the next bytes of the file, and gives out what is decided.
    /// - Parameter output: is handed the file's new bytes in order, a piece at a time.
    public mutating func update<E: Error>(
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

    /// Gives out the rest; the rewriter has then done its work.
    public mutating func finish<E: Error>(
        _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        try process(isLast: true, output)
        try flush(output)
    }

    private mutating func process<E: Error>(
        isLast: Bool, _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        var position = 0
        if isAtFirstLine {
            guard let end = firstLine(isLast: isLast) else { return }
            position = end
            isAtFirstLine = false
        }
        // No decision is made where a longer occurrence could begin that is not all there: what comes out must
        // not depend on how the input was cut.
        let limit = isLast ? input.count : max(position, input.count - longestNeedle + 1)
        var next = [Int](repeating: -1, count: encodings.count)
        while position < limit {
            let stop: Stop
            if let open {
                stop = endOfString(open, from: position, limit: limit)
            } else {
                stop = nextOccurrence(from: position, limit: limit, &next)
            }
            switch stop {
            case .none:
                try emit(position..<limit, output)
                position = limit
            case .occurrence(let encoding, let start):
                try emit(position..<start, output)
                self.output.append(contentsOf: encodings[encoding].replacement)
                position = start + encodings[encoding].needle.count
                replacements += 1
                if mode == .binary {
                    open = encoding
                    surplus += encodings[encoding].surplus
                }
            case .end(let end):
                try emit(position..<end, output)
                closeString()
                position = end
            }
        }
        if isLast { closeString() }
        input.removeSubrange(..<position)
    }

    private enum Stop {
        case none
        case occurrence(encoding: Int, start: Int)
        case end(Int)
    }

    /// - Parameter next: where each encoding occurs next; -1 where that is not known.
    private func nextOccurrence(from position: Int, limit: Int, _ next: inout [Int]) -> Stop {
        var first = (encoding: 0, start: Int.max)
        for index in encodings.indices {
            if next[index] < position {
                next[index] = find(encodings[index].needle, from: position, limit: limit) ?? .max
            }
            if next[index] < first.start { first = (index, next[index]) }
        }
        return first.start == .max ? .none : .occurrence(encoding: first.encoding, start: first.start)
    }

    private func endOfString(_ encoding: Int, from position: Int, limit: Int) -> Stop {
        let zeros = [UInt8](repeating: 0, count: encodings[encoding].unit)
        let end = find(zeros, from: position, limit: limit)
        // A string holds no occurrence behind its end.
        if let start = find(encodings[encoding].needle, from: position, limit: end ?? limit) {
            return .occurrence(encoding: encoding, start: start)
        }
        return end.map { .end($0) } ?? .none
    }

    private mutating func closeString() {
        if surplus > 0 { output.append(contentsOf: repeatElement(0, count: surplus)) }
        surplus = 0
        open = nil
    }

    private func find(_ needle: [UInt8], from position: Int, limit: Int) -> Int? {
        EncodedPlaceholder.find(needle, in: input, from: position, limit: limit)
    }

    private mutating func emit<E: Error>(
        _ range: Range<Int>, _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        if self.output.count + range.count < Self.outputSize {
            self.output.append(contentsOf: input[range])
            return
        }
        try flush(output)
        try input.withUnsafeBufferPointer { (bytes) throws(E) in
            try output(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[range])))
        }
    }

    private mutating func flush<E: Error>(
        _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        guard !self.output.isEmpty else { return }
        try self.output.withUnsafeBufferPointer { (bytes) throws(E) in
            try output(UnsafeRawBufferPointer(bytes))
        }
        self.output.removeAll(keepingCapacity: true)
    }
}

extension PrefixRewriter {
    /// Replaces the first line where it must become a header.
    /// - Returns: where the rest of the input begins; nil while the line's end is still to come.
    private mutating func firstLine(isLast: Bool) -> Int? {
        if input.count < 2 && !isLast { return nil }
        guard input.count > 1, input[0] == UInt8(ascii: "#"), input[1] == UInt8(ascii: "!") else { return 0 }
        let visible = input.prefix(Self.longestLine)
        guard let end = visible.firstIndex(of: 0x0a) ?? (isLast ? visible.endIndex : nil) else {
            return visible.count == Self.longestLine ? 0 : nil
        }
        guard let header = header(of: input[2..<end]) else { return 0 }
        output.append(contentsOf: header)
        replacements += 1
        return end
    }

    /// nil for a line that can stay, its occurrences replaced.
    private func header(of line: ArraySlice<UInt8>) -> [UInt8]? {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
        let (placeholder, prefix) = (encodings[0].needle, encodings[0].replacement)
        let line = line.drop(while: isSpace)
        // Only an interpreter of the environment can be at another place than the package's author knew.
        guard line.starts(with: placeholder) else { return nil }
        let rest = line.dropFirst(placeholder.count)
        let path = rest.prefix { !isSpace($0) }
        var options = rest[path.endIndex...].drop(while: isSpace)
        while let last = options.last, isSpace(last) { options.removeLast() }
        return ScriptHeader.reexecution(
            of: prefix + path, options: ScriptHeader.replacing(placeholder, by: prefix, in: Array(options)))
    }
}
