/// Blocks of `conda-meta/history` (CEP 32), the file that makes a directory a conda environment.
///
/// conda reads from it which packages a person asked for.
public struct CondaHistory: Hashable, Sendable {
    /// `YYYY-MM-DD HH:MM:SS`, local time as conda writes it.
    public var time: String
    /// The command line; conda takes note of a block's specs only where there is one.
    public var command: [String]
    /// The tool and its version, such as `airlift` and `0.4.0`. As `conda`, it would be the least version of conda
    /// that may work on the environment.
    public var tool: (name: String, version: String)
    /// `channel/subdir::name-version-build`.
    public var linked: [String]
    public var unlinked: [String]
    /// Match specs that were asked for.
    public var updateSpecs: [String]
    public var removeSpecs: [String]

    public init(
        time: String, command: [String], tool: (name: String, version: String), linked: [String],
        unlinked: [String] = [], updateSpecs: [String] = [], removeSpecs: [String] = []
    ) {
        self.time = time
        self.command = command
        self.tool = tool
        self.linked = linked
        self.unlinked = unlinked
        self.updateSpecs = updateSpecs
        self.removeSpecs = removeSpecs
    }

    /// The block's text. Distributions are sorted, as conda sorts them.
    public var text: String {
        var lines = [
            "==> \(Self.oneLine(time)) <==",
            "# cmd: \(Self.oneLine(command.joined(separator: " ")))",
            "# \(tool.name) version: \(Self.oneLine(tool.version))",
        ]
        lines += unlinked.sorted().map { "-\(Self.oneLine($0))" }
        lines += linked.sorted().map { "+\(Self.oneLine($0))" }
        if !removeSpecs.isEmpty { lines.append("# remove specs: \(Self.list(removeSpecs))") }
        if !updateSpecs.isEmpty { lines.append("# update specs: \(Self.list(updateSpecs))") }
        return lines.map { $0 + "\n" }.joined()
    }

    /// `channel/subdir::name-version-build` of a package.
    public static func distribution(of package: PackageRecord) -> String {
        var channel = package.channel ?? "unknown"
        while channel.utf8.last == UInt8(ascii: "/") { channel.removeLast() }
        return "\(channel)/\(package.subdir)::\(package.distribution)"
    }

    /// A list as Python writes it, which conda evaluates.
    private static func list(_ texts: [String]) -> String {
        "[" + texts.map(literal).joined(separator: ", ") + "]"
    }

    private static func literal(_ text: String) -> String {
        let quote: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for character in oneLine(text) {
            if character == quote || character == "\\" { result.append("\\") }
            result.append(character)
        }
        result.append(quote)
        return result
    }

    /// A line break would begin another entry.
    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}

extension CondaHistory {
    public static func == (a: CondaHistory, b: CondaHistory) -> Bool { a.text == b.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
