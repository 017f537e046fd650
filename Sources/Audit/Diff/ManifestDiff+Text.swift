import Bundle

extension ManifestDiff {
    /// A line for people, with how it is meant.
    public struct Line: Hashable, Sendable {
        /// For colours.
        public enum Tone: Hashable, Sendable { case plain, heading, alarm, added, removed, changed }

        public var tone: Tone
        public var text: String
    }

    /// For terminals and mails.
    public var lines: [String] { styledLines.map(\.text) }

    /// As above, for a terminal with colours.
    public var styledLines: [Line] {
        let report = DiffReport(self)
        var lines = [Line(tone: .plain, text: report.title.printable), Line(tone: .plain, text: "")]
        if isSame {
            lines += ["The environments are the same.", ""].map { Line(tone: .plain, text: $0) }
        }
        for section in report.sections {
            lines.append(Line(tone: section.tone, text: section.heading.printable))
            switch section.content {
            case .list(let rows):
                lines += rows.map {
                    Line(tone: $0.tone, text: "  " + ($0.cells.first?.printable ?? ""))
                }
            case .table(let titles, let rows):
                var table = TextTable(titles.map { ($0, .left) })
                for row in rows { table.add(row.cells.map(\.printable)) }
                let tones: [Line.Tone] = [.plain] + rows.map(\.tone)
                lines += zip(tones, table.lines).map { Line(tone: $0, text: $1) }
            }
            lines.append(Line(tone: .plain, text: ""))
        }
        while lines.last?.text == "" { lines.removeLast() }
        return lines
    }

    static func sizeLine(_ title: String, _ from: UInt64?, _ to: UInt64?) -> String? {
        guard let from, let to, from != to else { return nil }
        let change = to > from ? "+\(ByteCount.text(to - from))" : "-\(ByteCount.text(from - to))"
        return "\(title): \(ByteCount.text(from)) -> \(ByteCount.text(to)) (\(change))"
    }
}
