/// What a diff says, in the order in which it is read, for any format of text: what alarms first, then packages,
/// what the host must offer, the rest of the facts, files, sizes.
struct DiffReport {
    typealias Tone = ManifestDiff.Line.Tone

    struct Row {
        var tone: Tone
        var cells: [Sentence]

        init(_ tone: Tone, _ cells: [Sentence]) {
            self.tone = tone
            self.cells = cells
        }
    }

    enum Content {
        case table([String], [Row])
        /// A row has one cell.
        case list([Row])
    }

    struct Section {
        var heading: Sentence
        var tone = Tone.heading
        var content: Content
        /// So long that a page had better hide it at first.
        var isLong = false
    }

    let title: Sentence
    let sections: [Section]

    init(_ diff: ManifestDiff) {
        title = "\(diff.from) -> \(diff.to)"
        let sections = [
            Self.alarms(diff), Self.packages(diff), Self.host(diff), Self.facts(diff),
            Self.applicationFiles(diff),
        ]
        self.sections =
            sections.compactMap { $0 } + Self.files(diff)
            + [Self.unread(diff), Self.sizes(diff)]
            .compactMap { $0 }
    }

    private static func alarms(_ diff: ManifestDiff) -> Section? {
        guard !diff.alarms.isEmpty else { return nil }
        let count = diff.alarms.count
        return Section(
            heading: "WARNING: \(own: count == 1 ? "one change" : "\(count) changes") to be looked at first",
            tone: .alarm,
            content: .table(
                ["alarm", "of", "what"],
                diff.alarms.map { alarm in
                    Row(
                        .alarm,
                        ["\(own: alarm.alarm.rawValue)", Sentence(foreign: alarm.subject), alarm.sentence])
                }))
    }

    private static func packages(_ diff: ManifestDiff) -> Section? {
        guard !diff.packages.isEmpty else { return nil }
        let rows = diff.packages.map { change in
            Row(
                change.change.tone,
                [
                    "\(own: change.change.words)", "\(own: change.kind.rawValue)",
                    Sentence(foreign: change.name),
                    version(change.from), version(change.to), details(change),
                ])
        }
        return Section(
            heading: "\(own: summary(diff.packages))",
            content: .table(["change", "kind", "name", "from", "to", "also"], rows))
    }

    private static func summary(_ packages: [PackageChange]) -> String {
        PackageChange.Kind.allCases.compactMap { kind in
            let count = packages.count { $0.change == kind }
            return count == 0 ? nil : "\(count) \(kind.words)"
        }.joined(separator: ", ")
    }

    private static func version(_ package: PackageSet.Package?) -> Sentence {
        package.map { Sentence(foreign: $0.release) } ?? "-"
    }

    private static func details(_ change: PackageChange) -> Sentence {
        var sentence: Sentence = ""
        for (index, detail) in change.details.enumerated() {
            let separator = index == 0 ? "" : "; "
            sentence =
                sentence
                + "\(own: separator + detail.subject.words): \(quoted(detail.from)) -> \(quoted(detail.to))"
        }
        return sentence
    }

    private static func quoted(_ text: String) -> Sentence { text.isEmpty ? "none" : Sentence(foreign: text) }

    private static func host(_ diff: ManifestDiff) -> Section? {
        let rows = diff.facts.compactMap { fact in fact.requirement.map { Row(.changed, [$0]) } }
        return rows.isEmpty ? nil : Section(heading: "What hosts must offer", content: .list(rows))
    }

    private static func facts(_ diff: ManifestDiff) -> Section? {
        let rows = diff.facts.filter { $0.requirement == nil }.map { fact in
            Row(
                .plain, ["\(own: fact.fact.title)", Sentence(foreign: fact.from), Sentence(foreign: fact.to)])
        }
        return rows.isEmpty
            ? nil : Section(heading: "Of the whole", content: .table(["fact", "from", "to"], rows))
    }

    private static func applicationFiles(_ diff: ManifestDiff) -> Section? {
        guard !diff.files.isEmpty else { return nil }
        let rows = diff.files.map { change in
            Row(
                FilesDiff.tone(change.change.rawValue),
                ["\(own: change.change.rawValue)", Sentence(foreign: change.path)])
        }
        return Section(
            heading: "Files of the application", content: .table(["change", "file"], rows),
            isLong: rows.count > 30)
    }

    private static func files(_ diff: ManifestDiff) -> [Section] {
        var sections: [Section] = []
        if let application = diff.application, !application.parts.isEmpty {
            sections.append(
                Section(heading: "In the files of the application", content: .list(application.parts)))
        }
        for change in diff.packages {
            guard let files = change.files, !files.isEmpty else { continue }
            // Of a package that is new as a whole, the plain files tell people nothing; documents have them.
            let rows = files.parts + (change.from == nil ? [] : files.paths)
            guard !rows.isEmpty else { continue }
            sections.append(
                Section(
                    heading:
                        "Files of \(change.name) \(version(change.from)) -> \(version(change.to)): \(own: files.counts)",
                    content: .list(rows), isLong: true))
        }
        return sections
    }

    private static func unread(_ diff: ManifestDiff) -> Section? {
        guard let unread = diff.unread, !unread.isEmpty else { return nil }
        return Section(
            heading: "Files not compared",
            content: .list(unread.map { Row(.changed, ["\($0.name): \($0.reason)"]) }))
    }

    private static func sizes(_ diff: ManifestDiff) -> Section? {
        let rows = [
            ManifestDiff.sizeLine("archives", diff.size.archivesFrom, diff.size.archivesTo),
            ManifestDiff.sizeLine("installed", diff.size.installedFrom, diff.size.installedTo),
        ].compactMap { $0.map { Row(.plain, ["\(own: $0)"]) } }
        return rows.isEmpty ? nil : Section(heading: "Sizes", content: .list(rows))
    }
}

extension PackageChange.Kind {
    /// For tables.
    public var words: String {
        switch self {
        case .otherBytes: "OTHER BYTES"
        case .kindChanged: "other kind"
        default: rawValue
        }
    }

    var tone: DiffReport.Tone {
        switch self {
        case .otherBytes: .alarm
        case .down, .kindChanged: .removed
        case .added: .added
        case .removed: .removed
        case .up, .changed, .rebuilt: .changed
        case .described: .plain
        }
    }
}

extension PackageChange.Detail.Subject {
    /// In words.
    var words: String { self == .license ? "licence" : rawValue }
}
