import Conda
import Failures
import Yams

/// The steps of reading a `pixi.lock` of version 4 to 7.
///
/// Versions 4 and 5 describe packages by `kind` and `url`; from 6 on by the key `conda` or `pypi`, with the fields
/// that the address tells left out; 7 names its platforms and packages that are built from source.
struct ForeignPixi {
    static let versions = 4...7

    private var reader: ForeignYAML
    private let version: Int
    private var drafts: [ForeignDraft] = []
    private var entries: [ForeignLock.Entry?] = []
    /// Positions of the packages by what selects them.
    private var places: [Selector: [Int]] = [:]

    private struct Selector: Hashable {
        var key: String
        var address: String
    }

    static func read(_ root: Node, version: Int, file: String) throws(FailureList) -> ForeignLock {
        var steps = ForeignPixi(reader: ForeignYAML(file: file), version: version)
        let lock = steps.lock(root, file)
        if let failures = steps.reader.failures { throw failures }
        return lock
    }

    private init(reader: ForeignYAML, version: Int) {
        self.reader = reader
        self.version = version
    }

    private mutating func lock(_ root: Node, _ file: String) -> ForeignLock {
        let top = reader.table(root, "the lock")
        for item in reader.list(top["packages"], "packages") { package(item) }
        var platforms = reader.list(top["platforms"], "platforms").reduce(into: [ForeignLock.Platform]()) {
            platforms, node in
            guard let platform = platform(node) else { return }
            if platforms.contains(where: { $0.name == platform.name }) {
                reader.fail(node, "platforms names '\(platform.name)' twice")
            } else {
                platforms.append(platform)
            }
        }
        var environments: [ForeignLock.Environment] = []
        for (name, node) in reader.yaml.fields(top["environments"], "environments", known: nil) {
            let fields = reader.table(node, "the environment '\(name)'")
            var environment = ForeignLock.Environment(name: name)
            environment.channels = reader.channels(fields["channels"])
            environment.indexes = reader.texts(fields["indexes"], "indexes").map { ForeignAddress($0).text }
            guard let packages = fields["packages"] else {
                reader.fail(node, "the environment '\(name)' has no packages")
                continue
            }
            for (platform, list) in reader.yaml.fields(packages, "packages", known: nil) {
                guard let known = self.known(platform, list, name, &platforms) else { continue }
                environment.members[platform] = reader.list(list, "the packages of \(platform)").compactMap {
                    member($0, of: known.subdir)
                }
            }
            environments.append(environment)
        }
        return ForeignLock(
            format: .pixi(version: version), file: file, platforms: platforms, environments: environments,
            // Where an entry is missing a problem was reported, and the lock is not given out.
            entries: entries.compactMap { $0 })
    }

    /// Versions before 7 do not list their platforms.
    private mutating func known(
        _ name: String, _ node: Node, _ environment: String, _ platforms: inout [ForeignLock.Platform]
    ) -> ForeignLock.Platform? {
        if let known = platforms.first(where: { $0.name == name }) { return known }
        guard version < 7 else {
            reader.fail(
                node,
                "the environment '\(environment)' is for platform '\(name)', which platforms does not name")
            return nil
        }
        guard CondaPlatform.all.contains(name) else {
            reader.fail(node, "'\(name)' is no platform of conda")
            return nil
        }
        platforms.append(ForeignLock.Platform(name: name, subdir: name))
        return platforms.last
    }

    private mutating func platform(_ node: Node) -> ForeignLock.Platform? {
        let fields = reader.table(node, "a platform")
        guard let name = reader.required(fields, "name", of: node, "a platform") else { return nil }
        let subdir = reader.text(fields, "subdir") ?? name
        let virtual = reader.texts(fields["virtual-packages"], "virtual-packages")
        guard !name.isEmpty,
            name.unicodeScalars.allSatisfy({
                $0.properties.isAlphabetic || "0"..."9" ~= $0 || $0 == "_" || $0 == "-"
            })
        else {
            reader.fail(
                fields["name"], "'\(name)' is no name of a platform, which has letters, digits, '_' and '-'")
            return nil
        }
        guard CondaPlatform.all.contains(subdir) else {
            reader.fail(fields["subdir"] ?? fields["name"], "'\(subdir)' is no platform of conda")
            return nil
        }
        return ForeignLock.Platform(name: name, subdir: subdir, virtualPackages: virtual)
    }

    private mutating func package(_ node: Node) {
        let fields = reader.table(node, "a package")
        guard let selector = selector(of: node, fields) else { return }
        var draft = ForeignDraft(
            selector.key == "pypi" ? .wheel : .conda, at: selector.address, line: node.line)
        reader.describe(&draft, fields)
        reader.hashes(&draft, fields)
        draft.mayBeSource = true
        draft.isEditable = reader.flag(fields, "editable")
        draft.filename = reader.text(fields, "file_name")
        draft.channel = reader.text(fields, "channel")
        draft.depends =
            selector.key == "pypi"
            ? reader.texts(fields["requires_dist"], "requires_dist")
            : reader.dependencies(fields["depends"], "depends")
        draft.requiresPython = reader.text(fields, "requires_python")
        places[selector, default: []].append(drafts.count)
        let entry =
            selector.key == "conda_source" ? source(selector.address, node) : reader.entry(draft, node)
        drafts.append(draft)
        entries.append(entry.map(derived))
    }

    /// By what a package is described or selected.
    private mutating func selector(of node: Node, _ fields: [String: Node]) -> Selector? {
        guard case .mapping = node else { return nil }
        if version < 6 {
            let kind = reader.required(fields, "kind", of: node, "a package")
            guard let kind else { return nil }
            guard kind == "conda" || kind == "pypi" else {
                reader.fail(fields["kind"], "kind must be conda or pypi, not '\(kind)'")
                return nil
            }
            guard let address = reader.text(fields, "url") ?? reader.text(fields, "path") else {
                reader.fail(node, "a package has neither url nor path")
                return nil
            }
            return Selector(key: kind, address: address)
        }
        return self.selector(fields, node)
    }

    private mutating func selector(_ fields: [String: Node], _ node: Node) -> Selector? {
        guard case .mapping = node else { return nil }
        let keys = ["conda", "pypi"] + (version >= 7 ? ["conda_source"] : [])
        let found = keys.filter { fields[$0] != nil }
        guard found.count == 1, let address = reader.text(fields, found[0]) else {
            reader.fail(node, "a package must have one of the keys \(keys.joined(separator: ", "))")
            return nil
        }
        return Selector(key: found[0], address: address)
    }

    /// `name[hash] @ place`.
    private func source(_ identifier: String, _ node: Node) -> ForeignLock.Entry {
        let name = identifier.prefix { $0 != "[" && $0 != " " }
        return .refused(
            reason:
                "the conda package '\(name)' is built from source, '\(identifier)'; build it, put it into a "
                + "channel and lock that package", line: node.line)
    }

    /// What pixi takes for granted of a noarch package.
    private func derived(_ entry: ForeignLock.Entry) -> ForeignLock.Entry {
        guard case .package(var package) = entry, package.kind == .conda, package.subdir == "noarch",
            package.noarch == nil
        else { return entry }
        package.noarch = package.build?.contains("py") == true ? .python : .generic
        return .package(package)
    }

    /// The position of the package that an environment names.
    private mutating func member(_ node: Node, of subdir: String) -> Int? {
        let fields = reader.table(node, "a package")
        guard let selector = selector(fields, node) else { return nil }
        let all = places[selector] ?? []
        // Several packages may be built from one place: version 6 tells them apart by their fields.
        let fitting = all.filter { index in
            ["name", "version", "build", "subdir"].allSatisfy { key in
                guard let wanted = fields[key]?.scalar?.string else { return true }
                return described(index, key).map { $0 == wanted } ?? (key == "name")
            }
        }
        guard let first = fitting.first else {
            reader.fail(
                node,
                "'\(ForeignAddress(selector.address).shown)' is not among the packages\(all.isEmpty ? "" : " with these fields")"
            )
            return nil
        }
        let place = fitting.first { ["noarch", subdir].contains(described($0, "subdir") ?? subdir) } ?? first
        let extras = reader.texts(fields["extras"], "extras")
        guard !extras.isEmpty, case .package(var package)? = entries[place] else { return place }
        // Which extras are asked for is the environment's, so that it has an entry of its own.
        package.extras = extras
        entries.append(.package(package))
        return entries.count - 1
    }

    private func described(_ index: Int, _ key: String) -> String? {
        var package: ForeignLock.Package?
        if case .package(let known) = entries[index] { package = known }
        return switch key {
        case "name": drafts[index].name ?? package?.name
        case "version": drafts[index].version ?? package?.version
        case "build": drafts[index].build ?? package?.build
        default: drafts[index].subdir ?? package?.subdir
        }
    }
}
