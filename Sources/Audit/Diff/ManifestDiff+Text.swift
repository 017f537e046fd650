import Bundle

extension ManifestDiff {
    /// For people: what is alarming first, then packages, files, facts and sizes.
    public var lines: [String] {
        var lines = ["\(TextTable.printable(from)) -> \(TextTable.printable(to))", ""]
        if isSame { lines += ["The environments are the same.", ""] }
        lines += alarms + packageLines + fileLines + factLines + sizeLines
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    private var alarms: [String] {
        let suspicious = packages.filter { $0.change == .otherBytes }
        guard !suspicious.isEmpty else { return [] }
        return ["WARNING: the same file name with other bytes. A published archive does not change:"]
            + suspicious.flatMap { change -> [String] in
                [
                    "  \(TextTable.printable(change.to?.filename ?? change.name))",
                    "    was \(change.from?.sha256.hex ?? "")",
                    "    is  \(change.to?.sha256.hex ?? "")",
                ]
            } + [""]
    }

    private var packageLines: [String] {
        guard !packages.isEmpty else { return [] }
        var table = TextTable([
            ("change", .left), ("kind", .left), ("name", .left), ("from", .left), ("to", .left),
            ("also", .left),
        ])
        for change in packages {
            table.add([
                change.change.words, change.kind.rawValue, change.name, Self.version(change.from),
                Self.version(change.to),
                change.details.map {
                    "\($0.subject.rawValue): \(Self.quoted($0.from)) -> \(Self.quoted($0.to))"
                }
                .joined(separator: "; "),
            ])
        }
        return table.lines + [summaryLine, ""]
    }

    private var summaryLine: String {
        PackageChange.Kind.allCases.compactMap { kind in
            let count = packages.count { $0.change == kind }
            return count == 0 ? nil : "\(count) \(kind.words)"
        }.joined(separator: ", ")
    }

    private var fileLines: [String] {
        guard !files.isEmpty else { return [] }
        var table = TextTable([("change", .left), ("file of the application", .left)])
        for change in files { table.add([change.change.rawValue, change.path]) }
        return table.lines + [""]
    }

    private var factLines: [String] {
        guard !facts.isEmpty else { return [] }
        var table = TextTable([("fact", .left), ("from", .left), ("to", .left)])
        for change in facts { table.add([change.fact.title, change.from, change.to]) }
        return table.lines + [""]
    }

    private var sizeLines: [String] {
        [
            Self.sizeLine("archives", size.archivesFrom, size.archivesTo),
            Self.sizeLine("installed", size.installedFrom, size.installedTo),
        ].compactMap { $0 }
    }

    private static func sizeLine(_ title: String, _ from: UInt64?, _ to: UInt64?) -> String? {
        guard let from, let to, from != to else { return nil }
        let change = to > from ? "+\(ByteCount.text(to - from))" : "-\(ByteCount.text(from - to))"
        return "\(title): \(ByteCount.text(from)) -> \(ByteCount.text(to)) (\(change))"
    }

    private static func version(_ package: PackageSet.Package?) -> String {
        guard let package else { return "-" }
        return package.build.map { "\(package.version) \($0)" } ?? package.version
    }

    private static func quoted(_ text: String) -> String { text.isEmpty ? "none" : text }
}

extension PackageChange.Kind {
    /// For tables.
    public var words: String { self == .otherBytes ? "OTHER BYTES" : rawValue }
}
