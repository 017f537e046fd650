import Failures
import Yams

/// The steps of reading a `conda-lock.yml` (CEP 37, version 1) as conda-lock, micromamba, pixi and others write it.
struct ForeignCondaLock {
    private var reader: ForeignYAML
    private let file: String
    private var entries: [ForeignLock.Entry] = []
    /// Positions in `entries` by category and platform.
    private var members: [String: [String: [Int]]] = [:]
    private var categories: [String] = []

    static func read(_ root: Node, file: String) throws(FailureList) -> ForeignLock {
        var steps = ForeignCondaLock(reader: ForeignYAML(file: file), file: file)
        let lock = steps.lock(root)
        if let failures = steps.reader.failures { throw failures }
        return lock
    }

    private init(reader: ForeignYAML, file: String) {
        self.reader = reader
        self.file = file
    }

    private mutating func lock(_ root: Node) -> ForeignLock {
        let top = reader.table(root, "the lock")
        var platforms: [ForeignLock.Platform] = []
        var channels: [String] = []
        if let node = reader.yaml.required(top, "metadata", of: root, "the lock") {
            let metadata = reader.table(node, "metadata")
            channels = reader.channels(metadata["channels"])
            for name in reader.list(metadata["platforms"], "platforms") {
                guard let text = reader.yaml.string(name, "each platform") else { continue }
                if !CondaPlatform.all.contains(text) {
                    reader.fail(name, "'\(text)' is no platform of conda")
                } else if platforms.contains(where: { $0.name == text }) {
                    reader.fail(name, "platforms names '\(text)' twice")
                } else {
                    platforms.append(ForeignLock.Platform(name: text, subdir: text))
                }
            }
        }
        for item in reader.list(top["package"], "package") { package(item, platforms.map(\.name)) }
        return ForeignLock(
            format: .condaLock, file: file, platforms: platforms,
            environments: categories.map {
                ForeignLock.Environment(name: $0, channels: channels, members: members[$0] ?? [:])
            }, entries: entries)
    }

    private mutating func package(_ node: Node, _ platforms: [String]) {
        let fields = reader.table(node, "a package")
        guard case .mapping = node else { return }
        let name = reader.required(fields, "name", of: node, "a package")
        let version = reader.required(fields, "version", of: node, "a package")
        let manager = reader.required(fields, "manager", of: node, "a package")
        let platform = reader.required(fields, "platform", of: node, "a package")
        let url = reader.required(fields, "url", of: node, "a package")
        if let platform, !platforms.contains(platform) {
            reader.fail(
                fields["platform"],
                "package '\(name ?? "")' is for platform '\(platform)', which platforms does not name")
        }
        var kind = ForeignLock.Package.Kind.conda
        switch manager {
        case "pip": kind = .wheel
        case "conda", nil: break
        case .some(let other): reader.fail(fields["manager"], "manager must be conda or pip, not '\(other)'")
        }
        // Virtual packages describe the machine; no tool installs them.
        guard let name, version != nil, let platform, let url, !(kind == .conda && name.hasPrefix("__"))
        else {
            return
        }
        var draft = ForeignDraft(kind, at: url, line: node.line)
        draft.isExpanded = true
        reader.describe(&draft, fields)
        if let hash = reader.yaml.required(fields, "hash", of: node, "a package") {
            reader.hashes(&draft, reader.table(hash, "hash"))
        }
        draft.depends = reader.dependencies(fields["dependencies"], "dependencies")
        if kind == .wheel, let source = fields["source"] {
            // conda-lock installs from here, and keeps the url for what it resolved.
            let origin = reader.table(source, "source")
            if let url = reader.text(origin, "url") { draft.address = url }
        }
        guard let entry = reader.entry(draft, node) else { return }
        for category in categories(of: fields) {
            if members[category] == nil { categories.append(category) }
            members[category, default: [:]][platform, default: []].append(entries.count)
        }
        entries.append(entry)
    }

    /// `category`, or `categories` of conda-lock's second draft; `main` where none is named.
    private mutating func categories(of fields: [String: Node]) -> [String] {
        var names = reader.texts(fields["categories"], "categories")
        if let name = reader.text(fields, "category") { names.append(name) }
        return names.isEmpty ? ["main"] : names
    }
}
