/// Finds the tags of an HTML document and nothing else; every document can be walked through.
struct HTMLTokenizer {
    struct Tag {
        /// Lower case; `/a` for an end tag.
        let name: String
        /// By name in lower case, character references in the values decoded; the first of a name counts.
        let attributes: [String: String]
    }

    private let bytes: [UInt8]
    private var position = 0
    /// Whether the document ended within a tag or a comment.
    private(set) var endedInside = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func nextTag() -> Tag? {
        while let open = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = open + 1
            if starts(with: "!--") {
                guard skip(behind: "-->") else { return nil }
                continue
            }
            guard position < bytes.count else {
                endedInside = true
                return nil
            }
            let isEnd = bytes[position] == UInt8(ascii: "/")
            let first = position + (isEnd ? 1 : 0)
            if first < bytes.count, !bytes[first].isLetter {
                // A declaration such as <!DOCTYPE>, or a lone '<' in text.
                if bytes[position] == UInt8(ascii: "!") || bytes[position] == UInt8(ascii: "?") {
                    guard skip(behind: ">") else { return nil }
                }
                continue
            }
            position = first
            let word = take { !$0.isSpace && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
            let name = (isEnd ? "/" : "") + asciiLowered(String(decoding: word, as: UTF8.self))
            guard let attributes = attributes() else {
                endedInside = true
                return nil
            }
            // Their content is no markup.
            if name == "script" || name == "style" || name == "title" || name == "textarea" {
                skipContent(of: name)
            }
            return Tag(name: name, attributes: attributes)
        }
        position = bytes.count
        return nil
    }

    private func starts(with text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func skip(behind text: String) -> Bool {
        while position < bytes.count {
            if starts(with: text) {
                position += text.utf8.count
                return true
            }
            position += 1
        }
        endedInside = true
        return false
    }

    private mutating func skipContent(of name: String) {
        let end = "</\(name)"
        while position < bytes.count {
            if bytes[position...].prefix(end.utf8.count).map(\.lowered).elementsEqual(end.utf8) { return }
            position = bytes[(position + 1)...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        }
    }

    private mutating func take(while fits: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let word = bytes[position...].prefix(while: fits)
        position = word.endIndex
        return word
    }

    /// Up to and with the `>`; nil where the document ends first.
    private mutating func attributes() -> [String: String]? {
        var attributes: [String: String] = [:]
        while true {
            _ = take { $0.isSpace || $0 == UInt8(ascii: "/") }
            guard position < bytes.count else { return nil }
            if bytes[position] == UInt8(ascii: ">") {
                position += 1
                return attributes
            }
            var word = take {
                !$0.isSpace && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
            }
            if word.isEmpty {
                // A name may start with '='; taking it keeps the walk going.
                word = bytes[position...position]
                position += 1
            }
            let name = asciiLowered(String(decoding: word, as: UTF8.self))
            _ = take { $0.isSpace }
            var value: ArraySlice<UInt8> = []
            if position < bytes.count, bytes[position] == UInt8(ascii: "=") {
                position += 1
                _ = take { $0.isSpace }
                guard position < bytes.count else { return nil }
                let quote = bytes[position]
                if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                    position += 1
                    value = take { $0 != quote }
                    guard position < bytes.count else { return nil }
                    position += 1
                } else {
                    value = take { !$0.isSpace && $0 != UInt8(ascii: ">") }
                }
            }
            if attributes[name] == nil {
                attributes[name] = CharacterReferences.decode(String(decoding: value, as: UTF8.self))
            }
        }
    }
}
