import Bundle

extension FilesDiff {
    /// In words, without entry points, hooks and libraries, which are told one by one.
    var counts: String {
        Change.allCases.compactMap { change in
            let count = files.count { $0.change == change }
            return count == 0 ? nil : "\(count) \(change.rawValue)"
        }.joined(separator: ", ")
    }

    static func tone(_ change: String) -> DiffReport.Tone {
        switch change {
        case "added": .added
        case "removed": .removed
        default: .changed
        }
    }

    private static func sign(_ change: Change) -> String {
        switch change {
        case .added: "+"
        case .removed: "-"
        case .changed: "~"
        }
    }

    private static func row(_ change: Change, _ sentence: Sentence) -> DiffReport.Row {
        .init(tone(change.rawValue), ["\(own: sign(change)) \(sentence)"])
    }

    /// Hooks, libraries and entry points.
    var parts: [DiffReport.Row] {
        hooks.map { Self.row($0.change, "\(own: $0.kind.words) \($0.path)") }
            + libraries.map { Self.row($0.change, "native library \($0.path)\(Self.needs($0))") }
            + entryPoints.map { entry in
                let target: Sentence =
                    switch (entry.from, entry.to) {
                    case (let from?, let to?): ": \(from) -> \(to)"
                    case (let target?, nil), (nil, let target?): " = \(target)"
                    case (nil, nil): ""
                    }
                return Self.row(entry.change, "command \(entry.name)\(target)")
            }
    }

    /// What a library needs, or needs now and did not before.
    private static func needs(_ change: Library) -> Sentence {
        if let fault = change.to?.fault { return ", which cannot be read: \(fault)" }
        guard let from = change.from, let to = change.to else {
            guard change.change == .added, let library = change.to, !library.needed.isEmpty else { return "" }
            let glibc = library.glibc.map { Sentence(", and glibc ", $0) } ?? ""
            return ", which needs \(library.needed.joined(separator: ", "))\(glibc)"
        }
        var words: Sentence = ""
        func tell(_ title: String, _ old: String, _ new: String) {
            guard old != new else { return }
            let separator = words.parts.isEmpty || words == "" ? ": " : "; "
            words = words + "\(own: separator + title) \(Self.orNone(old)) -> \(Self.orNone(new))"
        }
        tell("machine", from.machine, to.machine)
        tell("glibc", from.glibc ?? "", to.glibc ?? "")
        let (old, new) = (Set(from.needed), Set(to.needed))
        tell(
            "needs", from.needed.filter { !new.contains($0) }.joined(separator: ", "),
            to.needed.filter { !old.contains($0) }.joined(separator: ", "))
        tell("is looked for in", from.runpath.joined(separator: ":"), to.runpath.joined(separator: ":"))
        return words
    }

    private static func orNone(_ text: String) -> Sentence { text.isEmpty ? "none" : Sentence(foreign: text) }

    /// How many paths of a package are told to people; documents have all.
    private static let mostPaths = 40

    /// The plain files.
    var paths: [DiffReport.Row] {
        let rows = files.prefix(Self.mostPaths).map { file in
            Self.row(file.change, "\(file.path)\(Self.facts(file))")
        }
        guard files.count > Self.mostPaths else { return Array(rows) }
        return rows + [
            .init(.plain, ["… and \(files.count - Self.mostPaths) more files; --json has all of them"])
        ]
    }

    private static func facts(_ file: File) -> Sentence {
        guard let from = file.from, let to = file.to else {
            let mode = file.to?.mode ?? "0644"
            // What stands out of a new file: that it can be run, or runs as somebody else.
            return mode == "0644" || mode == "0777" ? "" : " (mode \(own: mode))"
        }
        var words: [String] = []
        if from.mode != to.mode { words.append("mode \(from.mode) -> \(to.mode)") }
        if let a = from.size.map(ByteCount.text), let b = to.size.map(ByteCount.text), a != b {
            words.append("\(a) -> \(b)")
        }
        let facts: Sentence = words.isEmpty ? "" : " (\(own: words.joined(separator: ", ")))"
        guard from.link != to.link else { return facts }
        return "\(facts): leads to \(orNone(to.link ?? "")) instead of \(orNone(from.link ?? ""))"
    }
}

extension Sentence {
    fileprivate init(_ own: String, _ foreign: String) { self = "\(own: own)\(foreign)" }
}
