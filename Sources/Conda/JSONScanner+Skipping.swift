import CScan

extension JSONScanner {
    /// Passes over an object or array, 64 bytes at a time.
    ///
    /// Only brackets outside of strings are looked at, which must match: what stands between them is judged when
    /// it is read.
    mutating func skipContainer() throws(CondaError) {
        guard let base = bytes.baseAddress else { throw failure("it ends in the middle") }
        var open = OpenBrackets()
        var text = StringState()
        while position < bytes.count {
            let left = bytes.count - position
            let block =
                left >= 64 ? airlift_json_classify(base + position) : Self.lastBlock(base + position, left)
            let inside = text.mask(block)
            var brackets = (block.opening | block.closing) & ~inside
            while brackets != 0 {
                let index = brackets.trailingZeroBitCount
                brackets &= brackets - 1
                if block.opening >> UInt64(index) & 1 == 1 {
                    guard open.push(bytes[position + index]) else {
                        position += index
                        throw failure("it nests deeper than \(Self.deepest)")
                    }
                    continue
                }
                guard open.pop(bytes[position + index]) else {
                    position += index
                    throw failure("its brackets do not match")
                }
                if open.isEmpty {
                    position += index + 1
                    return
                }
            }
            position += min(64, left)
        }
        throw failure(text.isInside ? "a string does not end" : "it ends in the middle")
    }

    /// The rest of a document, filled up with spaces.
    private static func lastBlock(_ start: UnsafeRawPointer, _ count: Int) -> airlift_json_block {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 16) { copy in
            copy.initializeMemory(as: UInt8.self, repeating: 0x20)
            copy.copyMemory(from: UnsafeRawBufferPointer(start: start, count: count))
            return airlift_json_classify(copy.baseAddress!)
        }
    }
}

/// The brackets that are still open, innermost last: one bit each, so that nothing is allocated.
private struct OpenBrackets {
    private var kinds: UInt128 = 0
    private var count = 0

    var isEmpty: Bool { count == 0 }

    /// False where there are too many.
    mutating func push(_ bracket: UInt8) -> Bool {
        guard count < JSONScanner.deepest else { return false }
        kinds = kinds << 1 | (bracket == UInt8(ascii: "{") ? 1 : 0)
        count += 1
        return true
    }

    /// False where the bracket closes another kind, or nothing is open.
    mutating func pop(_ bracket: UInt8) -> Bool {
        guard count > 0, (kinds & 1 == 1) == (bracket == UInt8(ascii: "}")) else { return false }
        kinds >>= 1
        count -= 1
        return true
    }
}

/// Which bytes belong to strings, from block to block.
private struct StringState {
    /// All ones where the next block begins inside a string.
    private var carry: UInt64 = 0
    private var escapesNext = false

    var isInside: Bool { carry != 0 }

    /// A bit for each byte from an opening quote up to, and without, the closing one.
    mutating func mask(_ block: airlift_json_block) -> UInt64 {
        var quotes = block.quotes
        if block.backslashes != 0 || escapesNext { quotes &= ~escaped(block.backslashes) }
        // Each bit becomes the parity of itself and all lower ones.
        var inside = quotes
        inside ^= inside << 1
        inside ^= inside << 2
        inside ^= inside << 4
        inside ^= inside << 8
        inside ^= inside << 16
        inside ^= inside << 32
        inside ^= carry
        carry = inside >> 63 == 1 ? ~0 : 0
        return inside
    }

    /// The bytes that follow a backslash which is not itself escaped.
    private mutating func escaped(_ backslashes: UInt64) -> UInt64 {
        var escaped: UInt64 = escapesNext ? 1 : 0
        escapesNext = false
        var left = backslashes & ~escaped
        while left != 0 {
            let index = left.trailingZeroBitCount
            guard index < 63 else {
                escapesNext = true
                break
            }
            escaped |= 1 << UInt64(index + 1)
            left &= ~(UInt64(3) << UInt64(index))
        }
        return escaped
    }
}
