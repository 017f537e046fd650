import Wheels

extension PackageChange {
    /// - Parameter origins: from where the packages of the older side come.
    func alarms(hooks: HookNames, origins: [PackageSet.Kind: Set<PackageOrigin>]) -> [Alarm] {
        guard let to, bringsBytes else { return [] }
        let versions: Sentence = "goes from \(from?.release ?? "") to \(to.release)"
        var alarms: [Alarm] = []
        switch change {
        case .otherBytes: alarms.append(Alarm(.otherBytes, name, otherBytes(to)))
        case .down: alarms.append(Alarm(.downgrade, name, versions))
        case .kindChanged:
            alarms.append(
                Alarm(
                    .kind, name,
                    "was a \(own: (from?.kind ?? to.kind).words) and is a \(own: to.kind.words); it \(versions)"
                ))
            if isDowngrade { alarms.append(Alarm(.downgrade, name, versions)) }
        case .added, .removed, .up, .changed, .rebuilt, .described: break
        }
        return alarms + originAlarms(to, origins) + hookAlarms(to, hooks) + libraryAlarms
    }

    private func otherBytes(_ to: PackageSet.Package) -> Sentence {
        guard let from else { return "" }
        let digests: Sentence = ": SHA-256 was \(own: from.sha256.hex) and is \(own: to.sha256.hex)"
        if from.filename == to.filename {
            return "\(to.filename) has other bytes; a published archive does not change\(digests)"
        }
        return
            "is the same version and build in another file, \(to.filename) instead of \(from.filename)\(digests)"
    }

    /// Of a wheel that became a conda package: most conda packages of projects follow PEP 440 too.
    private var isDowngrade: Bool {
        guard let from, let to else { return false }
        return VersionOrder.compare(from.version, to.version, kind: .wheel) == .descending
    }

    private func originAlarms(
        _ to: PackageSet.Package, _ origins: [PackageSet.Kind: Set<PackageOrigin>]
    ) -> [Alarm] {
        let word = to.kind == .conda ? "channel" : "index"
        if let detail = details.first(where: { $0.subject == .channel || $0.subject == .index }) {
            return [
                Alarm(
                    .channel, name, "comes from another \(own: word), \(detail.to) instead of \(detail.from)")
            ]
        }
        // Of a package that is new, or of a new kind: a name that was free where nobody looked before is how
        // dependency confusion works.
        guard change == .added || change == .kindChanged, let known = origins[to.kind], !known.isEmpty,
            let origin = PackageOrigin(to), !known.contains(origin)
        else { return [] }
        return [Alarm(.channel, name, "comes from \(origin.description), from where nothing came before")]
    }

    private func hookAlarms(_ to: PackageSet.Package, _ names: HookNames) -> [Alarm] {
        if let files {
            return files.hooks.filter { $0.change != .removed }.map { hook in
                Alarm(
                    .newHook, name,
                    "\(own: hook.change == .added ? "brings" : "changes") the \(own: hook.kind.words) \(hook.path)"
                )
            }
        }
        guard let new = to.hooks else { return [] }
        // A side that does not know its hooks is not one that has none.
        if let from, from.hooks == nil { return [] }
        return names.added(from?.hooks ?? [], new).map {
            Alarm(.newHook, name, "brings what runs without being called, \($0)")
        }
    }

    private var libraryAlarms: [Alarm] {
        let added = files?.libraries.filter { $0.change == .added } ?? []
        return Self.libraryAlarm(added, of: name).map { [$0] } ?? []
    }

    /// One for all libraries of a package, with the first of them; nil for none.
    static func libraryAlarm(_ added: [FilesDiff.Library], of subject: String) -> Alarm? {
        guard let first = added.first else { return nil }
        let needs = first.to?.needed.joined(separator: ", ") ?? ""
        let brings: Sentence =
            added.count == 1
            ? "brings the native library \(first.path)"
            : "brings \(added.count) native libraries, the first \(first.path)"
        return Alarm(
            .newNativeLibrary, subject, needs.isEmpty ? brings : "\(brings), which needs \(needs)")
    }
}

extension PackageSet.Package {
    /// Version and build.
    var release: String { build.map { "\(version) \($0)" } ?? version }
}

extension PackageSet.Kind {
    /// In words.
    var words: String {
        switch self {
        case .python: "interpreter"
        case .conda: "conda package"
        case .wheel: "wheel"
        }
    }
}
