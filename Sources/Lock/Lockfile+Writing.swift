extension Lockfile {
    /// The lock as `conda-lock.yml`: the same value gives the same bytes.
    ///
    /// The format has no place for an interpreter that is no conda package, for sizes, for what was requested
    /// and for the target; its readers refuse unknown keys. These are strings in `custom_metadata`:
    /// `airlift.<platform>.glibc`, `.interpreter`, `.python`, `.abi`, `.requested` (names, separated by
    /// spaces), `.size.<name>` (bytes), `.released.<name>` (RFC 3339), `.filename.<name>` (where it differs from the URL's), and
    /// `.archive.<field>` for the interpreter's archive. Of conda packages, which may have a wheel's name:
    /// `.conda-requested`, `.conda-size.<name>`, `.conda-released.<name>`, `.conda-spec.<name>` (what asked for it), and where it is not
    /// what the URL says `.conda-filename.<name>`, `.conda-subdir.<name>`, `.conda-channel.<name>`.
    public var text: String {
        var lines = [
            "# Made by airlift lock; do not edit.", "version: \(Self.formatVersion)", "metadata:",
            platforms.isEmpty ? "  content_hash: {}" : "  content_hash:",
        ]
        for platform in platforms {
            lines.append(
                "    \(YAMLText.string(platform.name)): \(YAMLText.string(platform.contentHash.hex))")
        }
        lines.append(channels.isEmpty ? "  channels: []" : "  channels:")
        for channel in channels {
            lines += ["  - url: \(YAMLText.string(channel))", "    used_env_vars: []"]
        }
        lines.append(platforms.isEmpty ? "  platforms: []" : "  platforms:")
        lines += platforms.map { "  - \(YAMLText.string($0.name))" }
        lines.append(sources.isEmpty ? "  sources: []" : "  sources:")
        lines += sources.map { "  - \(YAMLText.string($0))" }
        lines.append(platforms.isEmpty ? "  custom_metadata: {}" : "  custom_metadata:")
        for (key, value) in customMetadata.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        {
            lines.append("    \(YAMLText.string(key)): \(YAMLText.string(value))")
        }
        let packages = platforms.flatMap { platform in
            platform.archives.filter { $0.kind != .python }.map { (platform.name, $0) }
        }
        lines.append(packages.isEmpty ? "package: []" : "package:")
        for (platform, archive) in packages { lines += Self.lines(of: archive, platform: platform) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of archive: LockedArchive, platform: String) -> [String] {
        var lines = [
            "- name: \(YAMLText.string(archive.name))",
            "  version: \(YAMLText.string(archive.version))",
            "  manager: \(archive.kind == .conda ? "conda" : "pip")",
            "  platform: \(YAMLText.string(platform))",
            archive.dependencies.isEmpty ? "  dependencies: {}" : "  dependencies:",
        ]
        for (name, specifier) in archive.dependencies.sorted(by: { $0.key < $1.key }) {
            lines.append("    \(YAMLText.string(name)): \(YAMLText.string(specifier))")
        }
        lines += ["  url: \(YAMLText.string(archive.location))", "  hash:"]
        if let md5 = archive.md5 { lines.append("    md5: \(YAMLText.string(md5))") }
        lines += [
            "    sha256: \(YAMLText.string(archive.sha256.hex))"
        ]
        if let build = archive.build { lines.append("  build: \(YAMLText.string(build))") }
        return lines + ["  category: main", "  optional: false"]
    }

    private var customMetadata: [String: String] {
        var fields: [String: String] = [:]
        for platform in platforms {
            let prefix = "airlift.\(platform.name)."
            fields[prefix + "glibc"] = platform.target.glibc.description
            fields[prefix + "interpreter"] = platform.interpreter.rawValue
            fields[prefix + "python"] = platform.target.python
            fields[prefix + "abi"] = platform.target.abi
            let wheels = platform.archives.filter { $0.kind == .wheel }
            fields[prefix + "requested"] = wheels.filter(\.requested).map(\.name).joined(separator: " ")
            for wheel in wheels {
                if let size = wheel.size { fields[prefix + "size.\(wheel.name)"] = String(size) }
                if let released = wheel.released { fields[prefix + "released.\(wheel.name)"] = released }
                if wheel.filename != LockedArchive.filename(of: wheel.location) {
                    fields[prefix + "filename.\(wheel.name)"] = wheel.filename
                }
            }
            let conda = platform.archives.filter { $0.kind == .conda }
            if !conda.isEmpty {
                fields[prefix + "conda-requested"] = conda.filter(\.requested).map(\.name)
                    .joined(separator: " ")
            }
            for package in conda {
                for (key, value) in package.condaMetadata { fields[prefix + key] = value }
            }
            for python in platform.archives where python.kind == .python {
                let prefix = prefix + "archive."
                fields[prefix + "name"] = python.name
                fields[prefix + "version"] = python.version
                fields[prefix + "url"] = python.location
                fields[prefix + "sha256"] = python.sha256.hex
                if let size = python.size { fields[prefix + "size"] = String(size) }
                if let md5 = python.md5 { fields[prefix + "md5"] = md5 }
                if python.filename != LockedArchive.filename(of: python.location) {
                    fields[prefix + "filename"] = python.filename
                }
            }
        }
        return fields
    }
}

extension LockedArchive {
    /// Keys below `airlift.<platform>.` with their values.
    fileprivate var condaMetadata: [String: String] {
        let place = CondaPlace(location)
        var fields: [String: String] = [:]
        if let size { fields["conda-size.\(name)"] = String(size) }
        if let released { fields["conda-released.\(name)"] = released }
        if let spec { fields["conda-spec.\(name)"] = spec }
        if filename != LockedArchive.filename(of: location) { fields["conda-filename.\(name)"] = filename }
        if let subdir, subdir != place?.subdir { fields["conda-subdir.\(name)"] = subdir }
        if let channel, channel != place?.channel { fields["conda-channel.\(name)"] = channel }
        return fields
    }
}
