import Files

/// Which package of the distribution a file belongs to. Known on systems with dpkg; elsewhere nothing is.
struct DistributionPackages {
    /// `libssl3` and `3.0.19-1~deb12u2`.
    struct Package: Hashable {
        let name: String
        let version: String
    }

    private(set) var owners: [String: Package] = [:]
    /// ID and VERSION_ID of os-release(5); nil where it is not to be read.
    let distribution = Self.distribution()

    init(of paths: [String], environment: [String: String]) {
        guard let tool = findProgram("dpkg-query", path: environment["PATH"]), !paths.isEmpty else { return }
        let clean = ["PATH": environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C"]
        // Since /lib became a link into /usr, dpkg may know a file by either of two names.
        var asked: [String: String] = [:]
        for path in paths {
            asked[path] = path
            asked[path.hasPrefix("/usr/lib") ? String(path.dropFirst(4)) : "/usr" + path] = path
        }
        guard
            let found = try? ChildProcess.run(
                tool, ["--search", "--"] + asked.keys.sorted(), environment: clean)
        else { return }
        var names: [String: String] = [:]
        for line in String(decoding: found.output, as: UTF8.self).split(separator: "\n") {
            guard let colon = line.range(of: ": "), !line.hasPrefix("diversion ") else { continue }
            guard let path = asked[String(line[colon.upperBound...])] else { continue }
            names[path] = String(line[..<colon.lowerBound].split(separator: ",")[0])
        }
        let packages = Set(names.values).sorted()
        guard !packages.isEmpty,
            let shown = try? ChildProcess.run(
                tool,
                ["--show", "--showformat=${binary:Package}\\t${Package}\\t${Version}\\n", "--"] + packages,
                environment: clean)
        else { return }
        var versions: [String: Package] = [:]
        for line in String(decoding: shown.output, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 3 else { continue }
            versions[fields[0]] = Package(name: fields[1], version: fields[2])
        }
        for (path, name) in names {
            owners[path] = versions[name] ?? versions.first { $0.value.name == name }?.value
        }
    }

    private static func distribution() -> String? {
        guard let file = try? OpenFile.read("/etc/os-release"),
            let bytes = try? file.bytes(at: 0, count: Int(min(file.status().size, 1 << 16)))
        else { return nil }
        var values: [Substring: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            values[parts[0]] = parts[1].filter { !"\"' \t\r".contains($0) }
        }
        guard let id = values["ID"], !id.isEmpty else { return nil }
        return ([id] + (values["VERSION_ID"].map { [$0] } ?? [])).joined(separator: " ")
    }

    /// The copyright files of the packages, for `share/licenses/`.
    func licences() throws -> [CapturedItem] {
        try Set(owners.values.map(\.name)).sorted().compactMap { name in
            guard let source = realPath("/usr/share/doc/\(name)/copyright"), isFile(source) else {
                return nil
            }
            return try .file(source, as: "share/licenses/\(name)/copyright", executable: false)
        }
    }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
