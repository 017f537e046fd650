import Glibc

/// Texts that were decoded lately: records of one package repeat most of what they depend on, and then share the
/// memory of it too.
///
/// The document must stay where it is while this is used.
struct StringCache {
    private struct Entry {
        let raw: UnsafeRawBufferPointer
        let text: String
    }

    private var entries: [Entry?] = Array(repeating: nil, count: 256)

    /// The text of a string of the document; nil where it is none.
    mutating func text(_ key: JSONKey) -> String? {
        let raw = key.raw
        // A short text has no memory of its own.
        guard raw.count > 15 else { return key.text }
        let tail = raw.loadUnaligned(fromByteOffset: raw.count - 8, as: UInt64.self)
        let head = raw.loadUnaligned(as: UInt64.self)
        let mixed = (head &* 31 ^ tail ^ UInt64(raw.count)) &* 0x9e37_79b9_7f4a_7c15
        let slot = Int(mixed >> 56)
        if let known = entries[slot], RepodataIndex.equal(known.raw, raw) { return known.text }
        guard let text = key.text else { return nil }
        entries[slot] = Entry(raw: raw, text: text)
        return text
    }
}

extension JSONScanner {
    mutating func string(_ cache: inout StringCache) throws(CondaError) -> String {
        guard try token() == .string else { throw failure("a string is expected") }
        guard let text = cache.text(try key()) else { throw failure("a string in it is no valid text") }
        return text
    }

    mutating func strings(_ cache: inout StringCache) throws(CondaError) -> [String] {
        if try token() == .null {
            try skip()
            return []
        }
        var result: [String] = []
        try array { (scanner) throws(CondaError) in result.append(try scanner.string(&cache)) }
        return result
    }
}
