import Failures

/// Comma-separated values (RFC 4180): lines end with CR LF, and a cell with a comma, a quote or a line break
/// stands in quotes.
///
/// Two things keep a hostile bundle out of whoever opens the table: control characters are written as `\u{1B}`,
/// and a cell that a spreadsheet would take for a formula (one that starts with `=`, `+`, `-` or `@`, or their
/// full-width forms) gets an apostrophe before it. No honest name, version, path, digest or address starts so.
public enum CSV {
    public static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    private static func cell(_ text: String) -> String {
        var text = text.printable
        if let first = text.unicodeScalars.first, formulaStarts.contains(first) { text = "'" + text }
        let needsQuotes =
            text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }
            || text.utf8.first == 0x20 || text.utf8.last == 0x20
        guard needsQuotes else { return text }
        // By scalars: a quote with an accent on it is one character, and no quote.
        var quoted = "\"".unicodeScalars
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted.append(scalar) }
            quoted.append(scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }

    private static let formulaStarts: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]
}

extension CSV {
    /// A table of archives with titles.
    /// - Parameter platform: of each of them.
    public static func archives(_ packages: [(platform: String, package: PackageSet.Package)]) -> String {
        let titles = [
            "platform", "kind", "name", "version", "build", "subdir", "requested", "size", "installed_bytes",
            "license", "license_source", "hooks", "depends", "released", "channel", "filename", "sha256",
            "url",
        ]
        return packages.reduce(into: line(titles)) { text, row in
            let package = row.package
            let names = [
                row.platform, package.kind.rawValue, package.name, package.version, package.build ?? "",
                package.subdir ?? "",
            ].map(\.printableASCII)
            let facts = [
                package.requested ? "yes" : "no", package.size.map { "\($0)" } ?? "",
                package.installedBytes.map { "\($0)" } ?? "", package.license ?? "",
                package.licenseSource ?? "", (package.hooks ?? []).joined(separator: " | "),
                package.depends.joined(separator: " | "), package.released ?? "",
            ]
            let places = [package.channel ?? "", package.filename, package.sha256.hex, package.url ?? ""]
            text += line(names + facts + places.map(\.printableASCII))
        }
    }
}
