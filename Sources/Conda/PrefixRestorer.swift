/// Takes the prefix out of a file again and puts the placeholder back, while the bytes stream by: the inverse of
/// `PrefixRewriter`.
///
/// What was replaced is not written down anywhere, so this is a guess: an author may have meant the very path that
/// is the prefix now, and what a header replaced had white space that is forgotten. The guess is nearly always
/// right, and **only the original's digest says whether it is**; `PrefixRestoration` asks it.
///
/// - Text: every occurrence of the prefix becomes the placeholder, and a header that `ScriptHeader` may have written
///   becomes the first line that it stands for.
/// - Binary: an occurrence becomes the placeholder where the NULs behind its string are as many as replacing left
///   over, and those go. Others were there before.
///
/// The bytes are the same however the input is cut. Memory: one piece of input of at most 256 KiB and the longest
/// string that is looked at, 1 MiB.
public struct PrefixRestorer: Sendable {
    /// Bytes at the start of a text in which a header is looked for.
    static let longestHeader = 16_384

    private enum Body: Sendable {
        case text(PrefixRewriter)
        case binary(StringRestorer)
    }

    private var body: Body
    private let placeholder: [UInt8]
    private let prefix: [UInt8]
    /// The start of a text, until it is known to be no header or the line that it was is known.
    private var start: [UInt8]?

    /// - Parameter prefix: the one that the file was installed with.
    /// - Throws: what `PrefixRewriter.check` throws.
    public init(_ placeholder: PathsJSON.Placeholder, prefix: String) throws(CondaError) {
        try PrefixRewriter.check(placeholder, prefix: prefix)
        self.placeholder = Array(placeholder.text.utf8)
        self.prefix = Array(prefix.utf8)
        switch placeholder.mode {
        case .text:
            body = .text(PrefixRewriter(replacing: prefix, by: placeholder.text))
            start = []
        case .binary: body = .binary(StringRestorer(placeholder.text, prefix))
        }
    }

    /// Takes the next bytes of the installed file, and gives out what is decided.
    public mutating func update<E: Error>(
        _ bytes: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        guard start != nil else { return try pass(bytes, output) }
        let missing = Self.longestHeader - (start?.count ?? 0)
        start?.append(contentsOf: bytes.prefix(missing))
        guard let first = start,
            first.count >= Self.longestHeader || !Self.mayBecomeHeader(first)
        else { return }
        try passStart(first, output)
        try pass(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(missing)), output)
    }

    /// Gives out the rest; the restorer has then done its work.
    public mutating func finish<E: Error>(
        _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        if let start { try passStart(start, output) }
        switch body {
        case .text(var rewriter):
            try rewriter.finish(output)
            body = .text(rewriter)
        case .binary(var strings):
            try strings.finish(output)
            body = .binary(strings)
        }
    }

    private static func mayBecomeHeader(_ start: [UInt8]) -> Bool {
        let mark = Array("#!".utf8)
        return start.count < mark.count ? mark.starts(with: start) : start.starts(with: mark)
    }

    private mutating func pass<E: Error>(
        _ bytes: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        switch body {
        case .text(var rewriter):
            body = .binary(StringRestorer("", ""))
            defer { body = .text(rewriter) }
            try rewriter.update(bytes, output)
        case .binary(var strings):
            body = .binary(StringRestorer("", ""))
            defer { body = .binary(strings) }
            try strings.update(bytes, output)
        }
    }

    private mutating func passStart<E: Error>(
        _ bytes: [UInt8], _ output: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        start = nil
        var rest = bytes[...]
        if let header = ScriptHeader.origin(of: rest, prefix: prefix) {
            var line = Array("#!".utf8) + placeholder + header.interpreter.dropFirst(prefix.count)
            if !header.options.isEmpty {
                line += [0x20] + ScriptHeader.replacing(prefix, by: placeholder, in: header.options)
            }
            // What the header holds of the prefix is no part of the text.
            try line.withUnsafeBufferPointer { (line) throws(E) in try output(UnsafeRawBufferPointer(line)) }
            rest = rest.dropFirst(header.length)
        }
        try Array(rest).withUnsafeBufferPointer { (rest) throws(E) in
            try pass(UnsafeRawBufferPointer(rest), output)
        }
    }
}
