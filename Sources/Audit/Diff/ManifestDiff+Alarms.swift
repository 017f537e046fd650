import Bundle
import Digests

extension ManifestDiff {
    /// Everything that is told first, from what both sides say of themselves and from the files that were read.
    mutating func findAlarms(from: PackageSet, to: PackageSet) {
        let hooks = HookNames(from.python, to.python)
        alarms =
            Self.signatureAlarms(from, to) + Self.cutAlarms(from, to)
            + Self.overrideAlarms(from, to) + Self.applicationAlarms(files, application, hooks)
            + Self.commandAlarms(files, from, to)
        let known = Self.origins(from)
        for change in packages {
            alarms += change.alarms(hooks: hooks, origins: known)
        }
        alarms.sort { ($0.alarm, $0.subject) < ($1.alarm, $1.subject) }
    }

    /// By whom each side is signed is not always known; nil is no reason for an alarm.
    private static func signatureAlarms(_ from: PackageSet, _ to: PackageSet) -> [Alarm] {
        guard let old = from.signers, let new = to.signers else { return [] }
        var alarms: [Alarm] = []
        if new.count < to.signersNeeded, !old.isEmpty {
            alarms.append(
                new.isEmpty
                    ? Alarm(
                        .unsigned, to.title,
                        "carries no signature that counts, and what it is compared with does")
                    : Alarm(
                        .unsigned, to.title,
                        "carries \(own: "\(new.count)") of the \(own: "\(to.signersNeeded)") signatures that it needs"
                    ))
        }
        // Whoever asks for this alone must hear of a key that is gone, also where all are.
        return alarms
            + Set(old).subtracting(new).sorted().map { Alarm(.signer, $0, "did not sign the newer one") }
    }

    /// What was made while cutting and should be the same where all that it is made from is.
    private static func cutAlarms(_ from: PackageSet, _ to: PackageSet) -> [Alarm] {
        var alarms: [Alarm] = []
        if let old = from.facts[.installer], let new = to.facts[.installer], old != new,
            from.facts[.platform] == to.facts[.platform],
            from.facts[.generator] == to.facts[.generator], let generator = to.facts[.generator]
        {
            alarms.append(
                Alarm(
                    .otherBytes, "the installer",
                    "differs, although both were cut by \(generator)"))
        }
        guard from.facts[.pythonVersion] == to.facts[.pythonVersion],
            Self.interpreter(from) == Self.interpreter(to), let old = from.bytecode, let new = to.bytecode
        else { return alarms }
        let names = Dictionary(
            to.packages.map { ($0.sha256, $0.name) }, uniquingKeysWith: { first, _ in first })
        for (archive, digest) in new.sorted(by: { $0.key.hex < $1.key.hex }) {
            guard let other = old[archive], other != digest else { continue }
            alarms.append(
                Alarm(
                    .otherBytes, names[archive] ?? archive.hex,
                    "has other byte code (compiled while cutting), although archive and interpreter are the same"
                ))
        }
        return alarms
    }

    private static func interpreter(_ set: PackageSet) -> [SHA256Digest] {
        let isConda = set.facts[.pythonSource] == "conda"
        return set.packages.filter { isConda ? $0.kind == .conda && $0.name == "python" : $0.kind == .python }
            .map(\.sha256)
    }

    private static func overrideAlarms(_ from: PackageSet, _ to: PackageSet) -> [Alarm] {
        func key(_ override: Manifest.Override) -> [String] {
            [override.rule, override.subject, override.over ?? ""]
        }
        var alarms: [Alarm] = []
        if let old = from.overrides, let new = to.overrides {
            let known = Set(old.map(key))
            alarms += new.filter { !known.contains(key($0)) }.map { override in
                Alarm(
                    .override, override.subject,
                    "departs from the rule \(override.rule): \(override.reason)")
            }
        }
        if let old = from.linkScripts, let new = to.linkScripts {
            alarms += Set(new).subtracting(old).map {
                Alarm(.newHook, $0, "may run its link scripts while it is installed")
            }
        }
        if let old = from.violations, let new = to.violations {
            let known = Set(old)
            alarms += new.filter { !known.contains($0) }.map { violation in
                Alarm(
                    .policy, violation.package ?? to.title,
                    "violates the policy (\(violation.rule)): \(violation.detail)")
            }
        }
        return alarms
    }

    private static func applicationAlarms(
        _ changes: [FileChange], _ read: FilesDiff?, _ hooks: HookNames
    ) -> [Alarm] {
        var alarms = changes.compactMap { change -> Alarm? in
            guard change.change != .removed, let hook = hooks.new(change.path) else { return nil }
            return Alarm(
                .newHook, "the application",
                "\(own: change.change == .added ? "brings" : "changes") the \(own: hook.kind.words) \(hook.path)"
            )
        }
        let libraries = read?.libraries.filter { $0.change == .added } ?? []
        if let alarm = PackageChange.libraryAlarm(libraries, of: "the application") { alarms.append(alarm) }
        return alarms
    }

    /// From where the packages of each kind come.
    private static func origins(_ set: PackageSet) -> [PackageSet.Kind: Set<PackageOrigin>] {
        var origins: [PackageSet.Kind: Set<PackageOrigin>] = [:]
        for package in set.packages {
            if let origin = PackageOrigin(package) { origins[package.kind, default: []].insert(origin) }
        }
        return origins
    }
}

/// Hooks by their paths, the same on both sides where only the version of Python is another.
struct HookNames {
    private let from: PathTranslation
    private let to: PathTranslation
    private let python: Manifest.Python?

    init(_ from: Manifest.Python?, _ to: Manifest.Python?) {
        self.from = PathTranslation(from, other: to)
        self.to = PathTranslation(to, other: from)
        python = to
    }

    /// The hook that a path of the newer side is.
    func new(_ path: String) -> Hook? { python.flatMap { Hook(path, python: $0) } }

    /// Those of the newer side that the older one has not.
    func added(_ old: [String], _ new: [String]) -> [String] {
        let known = Set(old.map(from.key))
        return new.filter { !known.contains(to.key($0)) }
    }
}

extension Hook.Kind {
    /// In words.
    public var words: String {
        switch self {
        case .pth: "start-up file"
        case .sitecustomize, .usercustomize: "start-up module"
        case .activate: "activation script"
        case .deactivate: "deactivation script"
        case .variables: "file of environment variables"
        case .preLink, .postLink, .preUnlink: "link script"
        }
    }
}
