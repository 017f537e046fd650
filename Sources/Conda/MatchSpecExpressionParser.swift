/// Reads a regular expression and writes the program for it.
struct MatchSpecExpressionParser {
    private typealias ByteSet = MatchSpecExpression.ByteSet

    private indirect enum Node {
        case set(ByteSet)
        case sequence([Node])
        case alternatives([Node])
        case repeated(Node, least: Int, most: Int?)
        case start, end
    }

    private let text: String
    private let bytes: [UInt8]
    private var position = 0
    private static let longestProgram = 4096
    private static let deepest = 32

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    mutating func program() throws(CondaError) -> [MatchSpecExpression.Instruction] {
        let root = try alternatives(depth: 0)
        guard position == bytes.count else { throw refuse("a ')' closes nothing") }
        var program: [MatchSpecExpression.Instruction] = []
        try emit(root, to: &program)
        program.append(.match)
        return program
    }

    private func refuse(_ reason: String) -> CondaError {
        CondaError(.matchSpec, text, "as a regular expression, \(reason)")
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func alternatives(depth: Int) throws(CondaError) -> Node {
        guard depth < Self.deepest else { throw refuse("it has more than \(Self.deepest) groups in groups") }
        var branches = [try sequence(depth: depth)]
        while take(UInt8(ascii: "|")) { branches.append(try sequence(depth: depth)) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence(depth: Int) throws(CondaError) -> Node {
        var nodes: [Node] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            let node = try atom(depth: depth)
            if case .start = node, let byte = next, "*+?{".utf8.contains(byte) {
                throw refuse("'\(UnicodeScalar(byte))' has nothing to repeat")
            }
            nodes.append(try quantified(node))
        }
        return .sequence(nodes)
    }

    private mutating func atom(depth: Int) throws(CondaError) -> Node {
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "^"): return .start
        case UInt8(ascii: "$"): return .end
        case UInt8(ascii: "."): return .set(ByteSet().inverted)
        case UInt8(ascii: "["): return .set(try characterClass())
        case UInt8(ascii: "\\"): return .set(try escape())
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
            throw refuse("'\(UnicodeScalar(byte))' has nothing to repeat")
        case UInt8(ascii: "("):
            if take(UInt8(ascii: "?")), !take(UInt8(ascii: ":")) {
                throw refuse(
                    "'(?' begins something other than a group '(?:', which is not supported (CEP 29)")
            }
            let group = try alternatives(depth: depth + 1)
            guard take(UInt8(ascii: ")")) else { throw refuse("a '(' is not closed") }
            return group
        default:
            var set = ByteSet()
            set.insert(byte)
            return .set(set)
        }
    }

    private mutating func quantified(_ node: Node) throws(CondaError) -> Node {
        let bounds: (least: Int, most: Int?)
        switch next {
        case UInt8(ascii: "*"): bounds = (0, nil)
        case UInt8(ascii: "+"): bounds = (1, nil)
        case UInt8(ascii: "?"): bounds = (0, 1)
        case UInt8(ascii: "{"): bounds = try counts()
        default: return node
        }
        position += 1
        // Lazy or not, the same texts match.
        _ = take(UInt8(ascii: "?"))
        if let byte = next,
            byte == UInt8(ascii: "*") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "{")
        {
            throw refuse("'\(UnicodeScalar(byte))' repeats what is repeated already")
        }
        return .repeated(node, least: bounds.least, most: bounds.most)
    }

    /// Leaves the position at the closing brace.
    private mutating func counts() throws(CondaError) -> (least: Int, most: Int?) {
        position += 1
        func wrong() -> CondaError { refuse("'{' wants {n}, {n,} or {n,m} with numbers up to 100") }
        let least = number() ?? 0
        var most: Int? = least
        if take(UInt8(ascii: ",")) { most = number() }
        guard next == UInt8(ascii: "}"), bytes[position - 1] != UInt8(ascii: "{"), least <= 100,
            (most ?? least) <= 100, least <= (most ?? least)
        else { throw wrong() }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let byte = next, byte.isDigit {
            value = min((value ?? 0) * 10 + Int(byte - 0x30), 1000)
            position += 1
        }
        return value
    }
}

extension MatchSpecExpressionParser {
    /// After a backslash.
    private mutating func escape() throws(CondaError) -> ByteSet {
        guard let byte = next else { throw refuse("it ends in a backslash") }
        position += 1
        var set = ByteSet()
        switch byte.lowered {
        case UInt8(ascii: "d"): for digit in UInt8(ascii: "0")...UInt8(ascii: "9") { set.insert(digit) }
        case UInt8(ascii: "w"):
            for byte in UInt8(0)..<128 where byte.isDigit || byte.isLetter || byte == UInt8(ascii: "_") {
                set.insert(byte)
            }
        case UInt8(ascii: "s"): for byte in UInt8(0)..<128 where byte.isSpace { set.insert(byte) }
        default:
            guard byte < 128, !byte.isDigit, !byte.isLetter else {
                throw refuse("'\\\(UnicodeScalar(byte))' is not supported")
            }
            set.insert(byte)
            return set
        }
        return byte == byte.lowered ? set : set.inverted
    }

    /// After `[`.
    private mutating func characterClass() throws(CondaError) -> ByteSet {
        var set = ByteSet()
        let isInverted = take(UInt8(ascii: "^"))
        var isFirst = true
        while let byte = next, isFirst || byte != UInt8(ascii: "]") {
            isFirst = false
            position += 1
            if byte == UInt8(ascii: "\\") {
                set.formUnion(try escape())
                continue
            }
            guard byte < 128 else { throw refuse("a class holds something other than ASCII") }
            var last = byte
            if next == UInt8(ascii: "-"), position + 1 < bytes.count,
                bytes[position + 1] != UInt8(ascii: "]")
            {
                last = bytes[position + 1]
                position += 2
                guard last < 128, last != UInt8(ascii: "\\"), byte <= last else {
                    throw refuse("a range in a class is the wrong way round")
                }
            }
            for byte in byte...last { set.insert(byte) }
        }
        guard take(UInt8(ascii: "]")) else { throw refuse("a '[' is not closed") }
        return isInverted ? set.inverted : set
    }

    private func emit(_ node: Node, to program: inout [MatchSpecExpression.Instruction]) throws(CondaError) {
        guard program.count < Self.longestProgram else { throw refuse("it is too large") }
        switch node {
        case .set(let set): program.append(.byte(set))
        case .start: program.append(.start)
        case .end: program.append(.end)
        case .sequence(let nodes): for node in nodes { try emit(node, to: &program) }
        case .alternatives(let nodes):
            var branches = nodes[...]
            guard let first = branches.popFirst() else { return }
            guard !branches.isEmpty else { return try emit(first, to: &program) }
            let split = program.count
            program.append(.split(split + 1, 0))
            try emit(first, to: &program)
            let jump = program.count
            program.append(.split(0, 0))
            program[split] = .split(split + 1, program.count)
            try emit(.alternatives(Array(branches)), to: &program)
            program[jump] = .split(program.count, program.count)
        case .repeated(let node, let least, let most):
            for _ in 0..<least {
                let before = program.count
                try emit(node, to: &program)
                // Groups of nothing, each repeated, would take time and no room.
                if program.count == before { break }
            }
            guard let most else {
                let split = program.count
                program.append(.split(split + 1, 0))
                try emit(node, to: &program)
                program.append(.split(split, split))
                program[split] = .split(split + 1, program.count)
                return
            }
            for _ in least..<most {
                let split = program.count
                program.append(.split(split + 1, 0))
                try emit(node, to: &program)
                program[split] = .split(split + 1, program.count)
            }
        }
    }
}
