import Failures

/// A table in plain text, for terminals and mails. What comes from a bundle is made harmless first: control
/// characters in a name could otherwise move a terminal's cursor and hide a line.
public struct TextTable: Sendable {
    public enum Alignment: Sendable { case left, right }

    private let titles: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    public init(_ columns: [(title: String, alignment: Alignment)]) {
        titles = columns.map(\.title)
        alignments = columns.map(\.alignment)
    }

    /// - Precondition: as many cells as there are columns.
    public mutating func add(_ cells: [String]) {
        precondition(cells.count == titles.count, "a row has one cell for each column")
        rows.append(cells.map(Self.printable))
    }

    /// The titles and the rows, two spaces between columns, none at the end of a line.
    public var lines: [String] {
        let all = [titles] + rows
        let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.indices.map { Self.pad(row[$0], to: widths[$0], alignments[$0]) }
            let line = cells.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
        }
    }

    private static func pad(_ text: String, to width: Int, _ alignment: Alignment) -> String {
        let padding = String(repeating: " ", count: width - text.count)
        return alignment == .left ? text + padding : padding + text
    }

    /// The text as a terminal may show it.
    public static func printable(_ text: String) -> String { text.printable }
}

/// Sizes for people.
public enum ByteCount {
    /// `999 B`, `12.3 kB`, `4.0 GB`: powers of 1,000, cut off after one digit.
    public static func text(_ bytes: UInt64) -> String {
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        guard bytes >= 1_000 else { return "\(bytes) B" }
        var divisor: UInt64 = 1_000
        var unit = 0
        while bytes / divisor >= 1_000, unit < units.count - 1 {
            divisor *= 1_000
            unit += 1
        }
        return "\(bytes / divisor).\(bytes % divisor / (divisor / 10)) \(units[unit])"
    }
}
