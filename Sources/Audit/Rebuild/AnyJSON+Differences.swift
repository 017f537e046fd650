/// Manifests compared as the JSON that they are: keys that this version does not know count as well.
extension AnyJSON {
    /// One place where two manifests say different things.
    struct Difference: Hashable {
        /// `target.glibc`; rows of a list by their `path`: `archives[archives/wheels/x.whl].license`.
        let key: String
        /// nil where that side says nothing.
        let first: String?
        let second: String?
    }

    /// All places that differ, in the order of the keys' bytes.
    static func differences(_ first: AnyJSON, _ second: AnyJSON) -> [Difference] {
        var found: [Difference] = []
        compare(first, second, "", &found)
        return found
    }

    private static func compare(
        _ first: AnyJSON?, _ second: AnyJSON?, _ key: String, _ found: inout [Difference]
    ) {
        guard first != second else { return }
        switch (first, second) {
        case (.object(let a), .object(let b)):
            for name in Set(a.keys).union(b.keys).sorted(by: precedes) {
                compare(a[name], b[name], key.isEmpty ? name : "\(key).\(name)", &found)
            }
        case (.list(let a), .list(let b)):
            guard let rows = Self.rows(a), let others = Self.rows(b) else { fallthrough }
            for path in Set(rows.keys).union(others.keys).sorted(by: precedes) {
                compare(rows[path], others[path], "\(key)[\(path)]", &found)
            }
            // Every row is there on both sides, so that the order is what differs.
            if Set(a) == Set(b) {
                found.append(
                    Difference(key: "\(key) (order)", first: paths(a), second: paths(b)))
            }
        default:
            found.append(Difference(key: key, first: first?.words, second: second?.words))
        }
    }

    private static func precedes(_ a: String, _ b: String) -> Bool {
        a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    /// The rows of a list by their paths; nil where some row has none or two have one.
    private static func rows(_ list: [AnyJSON]) -> [String: AnyJSON]? {
        var rows: [String: AnyJSON] = [:]
        for row in list {
            guard case .object(let fields) = row, case .text(let path)? = fields["path"],
                rows.updateValue(row, forKey: path) == nil
            else { return nil }
        }
        return rows
    }

    private static func paths(_ list: [AnyJSON]) -> String {
        shortened(
            list.compactMap { row in
                if case .object(let fields) = row, case .text(let path)? = fields["path"] {
                    path
                } else {
                    nil
                }
            }.joined(separator: ", "))
    }

    /// The value for a person: rows of a list by what they are, long texts cut off.
    var words: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): "\(value)"
        case .fraction(let value): "\(value)"
        case .text(let value): Self.shortened(value)
        case .list(let values): Self.shortened(values.map(\.words).joined(separator: ", "))
        case .object(let fields):
            Self.shortened(
                fields.sorted { Self.precedes($0.key, $1.key) }.map { "\($0) \($1.words)" }
                    .joined(separator: ", "))
        }
    }

    private static func shortened(_ text: String) -> String {
        text.count <= 160 ? text : text.prefix(157) + "…"
    }
}
