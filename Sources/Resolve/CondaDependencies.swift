import Conda

/// `depends` of a conda package as the mapping that conda-lock.yml has for it (CEP 37): the name, and what follows
/// it in the match spec, so that both with a space between them are the match spec.
///
/// A package may name another several times, which a mapping cannot: versions are joined with `,`, and what only
/// one entry asks for (a build, a channel, another key) is kept. Entries that ask for two different builds, two
/// values of one key or under different conditions cannot be written; no known package has them.
public enum CondaDependencies {
    /// - Throws: for what is no match spec, and for what cannot be written.
    public static func mapping(_ depends: [String]) throws(CondaError) -> [String: String] {
        var specs: [String: MatchSpec] = [:]
        var texts: [String: Set<String>] = [:]
        for text in depends {
            let spec = try MatchSpec(text)
            let name = spec.packageName
            guard !name.isEmpty else {
                throw CondaError(.matchSpec, text, "a dependency names one package, without an asterisk")
            }
            specs[name] =
                try specs[name].map { (known) throws(CondaError) in try join(known, spec, text) } ?? spec
            texts[name, default: []].insert(text)
        }
        var mapping: [String: String] = [:]
        for (name, spec) in specs {
            mapping[name] = verbatim(texts[name] ?? [], name) ?? rest(of: spec)
        }
        return mapping
    }

    /// What follows the name of the only entry, as the package writes it; nil where that must be written anew.
    private static func verbatim(_ texts: Set<String>, _ name: String) -> String? {
        guard texts.count == 1, let text = texts.first,
            text.prefix(name.count).lowercased() == name
        else { return nil }
        let rest = text.dropFirst(name.count)
        guard rest.isEmpty || " =<>!~[".contains(rest.first ?? " ") else { return nil }
        return String(rest.drop { $0 == " " })
    }

    /// Both at once.
    private static func join(_ a: MatchSpec, _ b: MatchSpec, _ text: String) throws(CondaError) -> MatchSpec {
        func one<T: Equatable>(_ first: T?, _ second: T?, _ what: String) throws(CondaError) -> T? {
            guard let first, let second, first != second else { return first ?? second }
            throw CondaError(
                .matchSpec, text,
                "the package asks for \(a.packageName) with two values of \(what), which a lock cannot hold")
        }
        guard a.condition == b.condition else {
            throw CondaError(
                .matchSpec, text,
                "the package asks for \(a.packageName) under different conditions, which a lock cannot hold")
        }
        var joined = a
        if a.version != b.version, !b.version.isAny {
            joined.version =
                a.version.isAny ? b.version : try VersionSpec("(\(a.version)),(\(b.version))")
        }
        joined.build = try one(a.build, b.build, "build")
        joined.buildNumber = try one(a.buildNumber, b.buildNumber, "build_number")
        joined.channel = try one(a.channel, b.channel, "channel")
        joined.subdir = try one(a.subdir, b.subdir, "subdir")
        joined.url = try one(a.url, b.url, "url")
        joined.filename = try one(a.filename, b.filename, "fn")
        joined.md5 = try one(a.md5, b.md5, "md5")
        joined.sha256 = try one(a.sha256, b.sha256, "sha256")
        joined.license = try one(a.license, b.license, "license")
        joined.licenseFamily = try one(a.licenseFamily, b.licenseFamily, "license_family")
        joined.trackFeatures = try one(a.trackFeatures, b.trackFeatures, "track_features")
        joined.features = try one(a.features, b.features, "features")
        joined.extras += b.extras.filter { !a.extras.contains($0) }
        return joined
    }

    /// `version build[key=value,…]`.
    private static func rest(of spec: MatchSpec) -> String {
        var text = spec.version.isAny ? (spec.build == nil ? "" : "*") : spec.version.description
        if let build = spec.build { text += " \(build)" }
        var others = spec
        others.version = .any
        others.build = nil
        others.channel = nil
        var keys = String(others.description.dropFirst(spec.name.text.count))
        if let channel = spec.channel {
            // Its place before the name is taken by the mapping's key.
            keys = "[channel='\(channel)'" + (keys.isEmpty ? "]" : "," + keys.dropFirst())
        }
        return text + keys
    }
}
