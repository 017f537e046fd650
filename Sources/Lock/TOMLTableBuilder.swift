/// A table while its document is read, with the rules of TOML 1.0 on what may be added to it.
final class TOMLTableBuilder {
    enum Origin {
        /// Above a header's table, not named itself yet.
        case implied
        case header
        /// Made by a key with dots.
        case dotted
    }
    enum Entry {
        case value(TOMLNode)
        case table(TOMLTableBuilder)
        case tables([TOMLTableBuilder])
    }
    struct Conflict: Error {
        let reason: String
    }

    private var origin: Origin
    private(set) var line: Int
    private var entries: [String: Entry] = [:]

    init(origin: Origin, line: Int) {
        self.origin = origin
        self.line = line
    }

    /// The table that a header opens.
    func open(_ keys: [String], isArray: Bool, line: Int) throws(Conflict) -> TOMLTableBuilder {
        var table = self
        for key in keys.dropLast() {
            switch table.entries[key] {
            case nil:
                let next = TOMLTableBuilder(origin: .implied, line: line)
                table.entries[key] = .table(next)
                table = next
            case .table(let next): table = next
            case .tables(let list): table = list[list.count - 1]
            case .value(let node):
                throw Conflict(reason: "'\(key)' is \(node.found) (line \(node.line)) and no table to extend")
            }
        }
        let key = keys[keys.count - 1]
        let new = TOMLTableBuilder(origin: .header, line: line)
        switch table.entries[key] {
        case nil: table.entries[key] = isArray ? .tables([new]) : .table(new)
        case .tables(let list) where isArray: table.entries[key] = .tables(list + [new])
        case .table(let implied) where !isArray && implied.origin == .implied:
            implied.origin = .header
            implied.line = line
            return implied
        case .some(let entry):
            throw Conflict(
                reason: "the table '\(key)' is defined twice (first on line \(entry.line)); join them")
        }
        return new
    }

    func set(_ keys: [String], to node: TOMLNode, line: Int) throws(Conflict) {
        var table = self
        for key in keys.dropLast() {
            switch table.entries[key] {
            case nil:
                let next = TOMLTableBuilder(origin: .dotted, line: line)
                table.entries[key] = .table(next)
                table = next
            case .table(let next) where next.origin == .dotted: table = next
            case .some(let entry):
                throw Conflict(
                    reason: "'\(key)' is complete (line \(entry.line)) and cannot be extended by a dotted key"
                )
            }
        }
        let key = keys[keys.count - 1]
        if let entry = table.entries[key] {
            throw Conflict(
                reason: "the key '\(key)' is given twice (first on line \(entry.line)); remove one")
        }
        table.entries[key] = .value(node)
    }

    var node: TOMLNode {
        TOMLNode(
            value: .table(
                entries.mapValues { entry in
                    switch entry {
                    case .value(let node): node
                    case .table(let table): table.node
                    case .tables(let list): TOMLNode(value: .array(list.map(\.node)), line: entry.line)
                    }
                }), line: line)
    }
}

extension TOMLTableBuilder.Entry {
    fileprivate var line: Int {
        switch self {
        case .value(let node): node.line
        case .table(let table): table.line
        case .tables(let list): list[0].line
        }
    }
}
