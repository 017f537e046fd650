extension ScriptHeader {
    /// What `reexecution` was asked for where a text starts with its answer.
    struct Origin {
        let interpreter: [UInt8]
        let options: [UInt8]
        /// Bytes of the text that are the header.
        let length: Int
    }

    /// - Parameter prefix: the interpreter lies below it.
    /// - Returns: nil for a text that starts with anything else.
    static func origin(of text: ArraySlice<UInt8>, prefix: [UInt8]) -> Origin? {
        for guess in environmentGuess(text, prefix) + shellGuesses(text, prefix) {
            guard let header = reexecution(of: guess.interpreter, options: guess.options),
                text.starts(with: header), endsLine(text.dropFirst(header.count))
            else { continue }
            return Origin(interpreter: guess.interpreter, options: guess.options, length: header.count)
        }
        return nil
    }

    private static func endsLine(_ rest: ArraySlice<UInt8>) -> Bool { rest.first ?? 0x0a == 0x0a }

    /// `#!/usr/bin/env NAME OPTIONS` has lost the directory of the interpreter, which is `bin` nearly always.
    private static func environmentGuess(
        _ text: ArraySlice<UInt8>, _ prefix: [UInt8]
    ) -> [(interpreter: [UInt8], options: [UInt8])] {
        let mark = Array("#!/usr/bin/env ".utf8)
        guard text.starts(with: mark) else { return [] }
        let line = text.dropFirst(mark.count).prefix { $0 != 0x0a }
        let name = line.prefix { $0 != 0x20 }
        return [(prefix + "/bin/".utf8 + name, Array(line.dropFirst(name.count + 1)))]
    }

    private static func shellGuesses(
        _ text: ArraySlice<UInt8>, _ prefix: [UInt8]
    ) -> [(interpreter: [UInt8], options: [UInt8])] {
        guard text.starts(with: "#!/bin/sh\n".utf8),
            let exec = index(of: Array("exec".utf8), in: text)
        else { return [] }
        // `'''exec' "path"` and `exec "path"`.
        let command = text[(exec + 4)...].drop { $0 == UInt8(ascii: "'") }.drop { $0 == 0x20 }
        guard let quote = command.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let close = command.dropFirst().firstIndex(of: quote)
        else { return [] }
        let interpreter = Array(command[(command.startIndex + 1)..<close])
        guard interpreter.starts(with: prefix),
            let arguments = index(of: Array(" \"$0\" \"$@\"".utf8), in: command[(close + 1)...])
        else { return [] }
        var words = Array(command[(close + 1)..<arguments])
        var guesses = [(interpreter, options(words))]
        if words.suffix(3).elementsEqual(" -x".utf8) {
            words.removeLast(3)
            guesses.append((interpreter, options(words)))
        }
        return guesses
    }

    /// Of a space and plain words, or of one word in quotes.
    private static func options(_ words: [UInt8]) -> [UInt8] {
        let words = words.dropFirst()
        guard words.first == UInt8(ascii: "'"), words.count > 1 else { return Array(words) }
        return replacing(
            Array("'\"'\"'".utf8), by: [UInt8(ascii: "'")], in: Array(words.dropFirst().dropLast()))
    }

    private static func index(of needle: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        guard text.count >= needle.count else { return nil }
        return (text.startIndex...(text.endIndex - needle.count)).first { text[$0...].starts(with: needle) }
    }

    static func replacing(_ needle: [UInt8], by replacement: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while let found = EncodedPlaceholder.find(needle, in: bytes, from: position, limit: bytes.count) {
            result += bytes[position..<found]
            result += replacement
            position = found + needle.count
        }
        return result + bytes[position...]
    }
}
