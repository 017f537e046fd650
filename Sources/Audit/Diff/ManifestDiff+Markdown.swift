import Failures

extension ManifestDiff {
    /// For a change request: GitHub-flavoured Markdown (tables, collapsed sections). Text out of a bundle stands in it
    /// as text, whatever it looks like.
    public var markdown: String {
        let report = DiffReport(self)
        var lines = ["## \(Markdown.sentence(report.title))", ""]
        if isSame { lines += ["The environments are the same.", ""] }
        for section in report.sections {
            let heading = Markdown.sentence(section.heading)
            let start =
                if section.isLong {
                    ["<details>", "<summary>\(heading)</summary>", ""]
                } else if section.tone == .alarm {
                    ["> [!WARNING]", "> \(heading)", ""]
                } else {
                    ["### \(heading)", ""]
                }
            lines += start
            switch section.content {
            case .list(let rows):
                lines += rows.map { "- " + Markdown.item($0.cells.first ?? "") }
            case .table(let titles, let rows):
                lines.append("| \(titles.joined(separator: " | ")) |")
                lines.append("|\(titles.map { _ in "---|" }.joined())")
                lines += rows.map { row in "| \(row.cells.map(Markdown.sentence).joined(separator: " | ")) |"
                }
            }
            lines += section.isLong ? ["", "</details>", ""] : [""]
        }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Text that no reader of Markdown takes for markup.
enum Markdown {
    /// Foreign parts stand in `code` elements: forges make neither links nor mentions of what is in them.
    static func sentence(_ sentence: Sentence) -> String {
        sentence.parts.map { part in
            switch part {
            case .own(let text): text
            case .foreign(let text): code(text)
            }
        }.joined()
    }

    /// One item of a list. Its sign is text, not the beginning of another list.
    static func item(_ sentence: Sentence) -> String {
        let text = self.sentence(sentence)
        guard let first = text.utf8.first, "+-~".utf8.contains(first) else { return text }
        return "<code>\(String(text.prefix(1)))</code>\(text.dropFirst())"
    }

    /// Characters; a name that is longer says nothing more.
    private static let longest = 300

    /// Every character that could be markup in any dialect is written as a numeric reference, which is never markup
    /// (CommonMark 0.31, 6.2): a hostile name ends no table cell, opens no tag and becomes no address.
    static func code(_ text: String) -> String {
        guard !text.isEmpty else { return "" }
        let printable = text.printable
        let cut = printable.prefix(longest)
        // An address without a scheme begins like this.
        let holdsDots = cut.lowercased().contains("www")
        var result = "<code>"
        for scalar in cut.unicodeScalars {
            switch scalar {
            case "0"..."9", "a"..."z", "A"..."Z", "-", "+", "/", "=", " ":
                result.unicodeScalars.append(scalar)
            case ".": result += holdsDots ? "&#46;" : "."
            case _ where scalar.value < 0x80: result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + (cut.endIndex < printable.endIndex ? "…" : "") + "</code>"
    }
}
