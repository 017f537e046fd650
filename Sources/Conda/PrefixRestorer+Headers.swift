/// The first lines that `ScriptHeader` puts in the place of one that the kernel could not follow.
extension PrefixRestorer {
    private static let longestHeader = 32 << 10

    /// First lines that may have become the header of these bytes. White space at the ends of the line, which the
    /// kernel passes over, is guessed.
    func headers(of installed: UnsafeRawBufferPointer) -> [Restoration.Edit] {
        let start = Array(installed.prefix(Self.longestHeader))
        guard start.starts(with: "#!/bin/sh\n".utf8) || start.starts(with: "#!/usr/bin/env ".utf8) else {
            return []
        }
        var edits: [Restoration.Edit] = []
        for (interpreter, options) in Self.commands(in: start) + environmentCommands(in: start) {
            guard interpreter.starts(with: prefixBytes),
                let header = ScriptHeader.reexecution(of: interpreter, options: options),
                start.starts(with: header)
            else { continue }
            let path = interpreter.dropFirst(prefixBytes.count)
            for options in originals(of: options) {
                for (leading, trailing) in [("", ""), (" ", ""), ("", " "), ("", "\r"), (" ", "\r")] {
                    var line = Array("#!\(leading)".utf8) + placeholderBytes + path
                    if !options.isEmpty { line += [0x20] + options }
                    edits.append(.init(range: 0..<header.count, bytes: line + Array(trailing.utf8)))
                }
            }
        }
        return edits
    }

    /// Options may name the prefix too.
    private func originals(of options: [UInt8]) -> [[UInt8]] {
        let placed = PrefixRewriter.replacing(prefixBytes, by: placeholderBytes, in: options)
        return placed == options ? [options] : [placed, options]
    }

    /// Interpreter and options of `exec "interpreter" options …`, quoted by either quote.
    private static func commands(in start: [UInt8]) -> [(interpreter: [UInt8], options: [UInt8])] {
        let lines = start.split(separator: 0x0a, maxSplits: 3, omittingEmptySubsequences: false).prefix(3)
        return lines.flatMap { line -> [([UInt8], [UInt8])] in
            guard let exec = Self.end(of: Array("exec".utf8), in: line) else { return [] }
            let rest = line[exec...].drop { $0 == UInt8(ascii: "'") || $0 == 0x20 }
            // The quote before the path was dropped where it is one that stands after the word, too.
            let opening = rest.startIndex > line.startIndex ? line[rest.startIndex - 1] : 0
            let quote = rest.first == UInt8(ascii: "\"") ? UInt8(ascii: "\"") : opening
            let path = rest.first == quote ? rest.dropFirst() : rest
            guard let closing = path.firstIndex(of: quote) else { return [] }
            let interpreter = Array(path[..<closing])
            var tail = path[(closing + 1)...]
            guard let script = Self.start(of: Array(" \"$0\"".utf8), in: tail) else { return [] }
            tail = tail[..<script]
            if tail.suffix(3).elementsEqual(" -x".utf8) {
                tail = tail.dropLast(3)
            }
            var options = Array(tail.dropFirst(tail.first == 0x20 ? 1 : 0))
            if options.first == UInt8(ascii: "'"), options.last == UInt8(ascii: "'"), options.count > 1 {
                options = PrefixRewriter.replacing(
                    Array("'\"'\"'".utf8), by: [UInt8(ascii: "'")], in: Array(options.dropFirst().dropLast()))
            }
            return [(interpreter, options)]
        }
    }

    /// `/usr/bin/env name options` was an interpreter in the prefix's `bin`, for all that one can tell.
    private func environmentCommands(in start: [UInt8]) -> [(interpreter: [UInt8], options: [UInt8])] {
        let line = start.prefix { $0 != 0x0a }.dropFirst("#!/usr/bin/env ".utf8.count)
        guard start.starts(with: "#!/usr/bin/env ".utf8) else { return [] }
        let name = line.prefix { $0 != 0x20 }
        let options = line[name.endIndex...].dropFirst()
        return [(prefixBytes + "/bin/".utf8 + name, Array(options))]
    }

    private static func start(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: needle) }
    }

    private static func end(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        start(of: needle, in: bytes).map { $0 + needle.count }
    }
}
