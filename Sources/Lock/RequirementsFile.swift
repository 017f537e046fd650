/// The lexical rules of a requirements file as pip documents them: comments, continued lines, options.
enum RequirementsFile {
    /// The logical lines without comments, each with the number of its first line; empty ones are left out.
    static func lines(_ bytes: [UInt8], file: String) throws(LockError) -> [Located<String>] {
        guard var text = String(validating: bytes, as: UTF8.self) else {
            throw LockError(file: file, reason: "it is not UTF-8; save it as UTF-8")
        }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        var result: [Located<String>] = []
        var pending = ""
        var first: Int?
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var line = Substring(line)
            if line.utf8.last == UInt8(ascii: "\r") { line = Substring(line.utf8.dropLast()) }
            let start = first ?? number
            let isComment = line.drop { $0 == " " || $0 == "\t" }.first == "#"
            if !isComment, line.utf8.last == UInt8(ascii: "\\") {
                pending += Substring(line.utf8.dropLast())
                first = start
                continue
            }
            // A comment line ends a continued line; the space lets it be seen as a comment of that line.
            append(pending + (isComment ? " " : "") + line, at: start, to: &result)
            pending = ""
            first = nil
        }
        if let first { append(pending, at: first, to: &result) }
        return result
    }

    private static func append(_ line: String, at number: Int, to result: inout [Located<String>]) {
        let text = trim(withoutComment(line))
        if !text.isEmpty { result.append(Located(text, line: number)) }
    }

    /// A comment begins with `#` at the start or after white space.
    static func withoutComment(_ line: String) -> String {
        var previous = UInt8(ascii: " ")
        for index in line.utf8.indices {
            let byte = line.utf8[index]
            if byte == UInt8(ascii: "#"), isSpace(previous) { return String(line[..<index]) }
            previous = byte
        }
        return line
    }

    static func trim(_ text: some StringProtocol) -> String {
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.first, isSpace(byte) { bytes.removeFirst() }
        while let byte = bytes.last, isSpace(byte) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }

    /// Splits a line into what is required and its options: `name==1 --hash=sha256:…`. An option's value
    /// follows `=` or white space.
    static func options(of line: String) -> (requirement: String, options: [(name: String, value: String)]) {
        let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let first = words.firstIndex(where: { $0.hasPrefix("-") }) else { return (line, []) }
        // What is before the first option keeps its spaces as single ones.
        let requirement = words[..<first].joined(separator: " ")
        var options: [(name: String, value: String)] = []
        var rest = words[first...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-") else {
                if options.isEmpty { continue }
                let joined = options[options.count - 1].value
                options[options.count - 1].value = joined.isEmpty ? word : joined + " " + word
                continue
            }
            if word.hasPrefix("--") {
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                options.append((String(parts[0]), parts.count == 2 ? String(parts[1]) : ""))
            } else {
                // A short option may carry its value: -rfile.
                options.append((String(word.prefix(2)), String(word.dropFirst(2))))
            }
        }
        return (requirement, options)
    }

    /// `path` as seen from the directory in which `file` lies, without `.` and inner `..`.
    static func path(_ path: String, besides file: String) -> String {
        if path.hasPrefix("/") { return path }
        var components = file.split(separator: "/").dropLast().map(String.init)
        for component in path.split(separator: "/") where component != "." {
            if component == "..", let last = components.last, last != ".." {
                components.removeLast()
            } else {
                components.append(String(component))
            }
        }
        return (file.hasPrefix("/") ? "/" : "") + components.joined(separator: "/")
    }
}
