import Digests

extension EnvironmentSpec {
    /// The digest of what the spec says: comments, the order of keys and the way values are written do not
    /// change it, every value does. Files that the spec names count by name only.
    public var meaningDigest: SHA256Digest {
        SHA256.hash(
            Meaning.record(
                [
                    "name": .text(name), "summary": .text(summary), "calver": .text(calver),
                    "default_prefix": .texts(defaultPrefix.map { [$0] } ?? []),
                    "files": .record(files.mapValues { .text($0) }), "bytecode": .text(bytecode.rawValue),
                    "license": .texts(license.map { [$0] } ?? []), "state": .texts(statePaths),
                    "platforms": .texts(platforms), "lock": lockMeaning,
                ].merging(laterMeaning) { first, _ in first }
            ).canonicalJSON)
    }

    /// The part of the spec that decides what is locked for a platform.
    var lockMeaning: Meaning {
        let python: [Meaning] =
            switch interpreter {
            case .conda(let specifier): [.text("conda"), .text(specifier)]
            case .archive(let location, let sha256): [.text("archive"), .text(location), .text(sha256.hex)]
            case .capture(let executable): [.text("capture"), .text(executable)]
            case .host(let minor): [.text("host"), .text(minor)]
            }
        var fields: [String: Meaning] = [
            "glibc": .text(glibc.description), "python": .list(python),
            "channels": .texts(channels.map(CleanLocation.of)),
            "conda": .texts(condaDependencies.map { CleanLocation.of($0.value) }),
            "index": wheelIndexes.map { .texts($0) } ?? .text("public"),
            "requirements": .texts(requirements.map(\.value)),
        ]
        if let channelAlias { fields["channel_alias"] = .text(CleanLocation.of(channelAlias)) }
        if let foreign { fields["from"] = .texts([foreign.path] + (foreign.environment.map { [$0] } ?? [])) }
        return .record(fields)
    }

    /// What came to the bundle's part of the meaning later. A spec that says nothing of these has no such fields, so
    /// that its digest stays what it was before there were any.
    private var laterMeaning: [String: Meaning] {
        var fields: [String: Meaning] = [:]
        if !linkScripts.isEmpty { fields["link_scripts"] = .texts(linkScripts) }
        if !overrides.isEmpty { fields["overrides"] = .list(overrides.map(\.meaning)) }
        if !hooks.isEmpty { fields["hooks"] = hooks.meaning }
        return fields
    }
}
