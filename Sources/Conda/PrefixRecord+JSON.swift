extension PrefixRecord {
    /// The document: the same record always gives the same bytes. UTF-8, two spaces a level, a line feed at the end.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024 + paths.count * 512)
        writer.object { writer in
            writePackage(&writer)
            writer.field("extracted_package_dir", extractedDirectory)
            writer.field("package_tarball_full_path", archivePath)
            writer.object("link") { writer in
                writer.field("source", extractedDirectory)
                writer.field("type", link.rawValue)
            }
            // Older readers know the one, newer ones the list.
            if let first = requestedSpecs.first { writer.field("requested_spec", first) }
            writer.field("requested_specs", requestedSpecs)
            writer.array("files", paths) { writer, path in writer.string(path.path) }
            writer.object("paths_data") { writer in
                writer.array("paths", paths) { writer, path in
                    writer.object { writer in Self.write(path, &writer) }
                }
                writer.field("paths_version", 1)
            }
        }
        return writer.bytes + [0x0a]
    }

    private func writePackage(_ writer: inout JSONWriter) {
        // Deprecated, and still read: conda fills in what is missing from the machine that it runs on.
        if let (platform, arch) = Self.machine(package.subdir) {
            writer.field("arch", arch)
            writer.field("platform", platform)
        } else {
            writer.null("arch")
            writer.null("platform")
        }
        writer.field("build", package.build)
        writer.field("build_number", package.buildNumber)
        if let channel = package.channel { writer.field("channel", channel) }
        writer.field("constrains", package.constrains)
        writer.field("depends", package.depends)
        if let features = package.features { writer.field("features", features) }
        writer.field("fn", package.filename)
        if let license = package.license { writer.field("license", license) }
        if let family = package.licenseFamily { writer.field("license_family", family) }
        if let md5 = package.md5 { writer.field("md5", md5) }
        writer.field("name", package.name)
        if let noarch = package.noarch { writer.field("noarch", noarch.rawValue) }
        if let path = package.pythonSitePackagesPath { writer.field("python_site_packages_path", path) }
        if let sha256 = package.sha256 { writer.field("sha256", sha256) }
        if let size = package.size { writer.field("size", size) }
        writer.field("subdir", package.subdir)
        if let timestamp = package.timestamp { writer.field("timestamp", timestamp) }
        if !package.trackFeatures.isEmpty {
            writer.field("track_features", package.trackFeatures.joined(separator: " "))
        }
        if let url = package.url { writer.field("url", url) }
        writer.field("version", package.version)
    }

    private static func write(_ path: Path, _ writer: inout JSONWriter) {
        writer.field("_path", path.path)
        if let placeholder = path.placeholder {
            writer.field("file_mode", placeholder.mode.rawValue)
            writer.field("prefix_placeholder", placeholder.text)
        }
        if path.noLink { writer.field("no_link", true) }
        writer.field("path_type", path.type.rawValue)
        if let sha256 = path.sha256 { writer.field("sha256", sha256) }
        if let sha256 = path.sha256InPrefix { writer.field("sha256_in_prefix", sha256) }
        if let size = path.size { writer.field("size_in_bytes", size) }
    }

    /// conda's words for the parts of a platform's name; nil for `noarch`.
    private static func machine(_ subdir: String) -> (platform: String, arch: String)? {
        let parts = subdir.split(separator: "-")
        guard parts.count == 2 else { return nil }
        let arch = parts[1] == "64" ? "x86_64" : parts[1] == "32" ? "x86" : String(parts[1])
        return (String(parts[0]), arch)
    }
}
