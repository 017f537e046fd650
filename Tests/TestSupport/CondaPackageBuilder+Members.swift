import Digests

extension CondaPackageBuilder {
    /// `info/index.json`.
    var index: JSONValue {
        var index: JSONValue = [
            "arch": noarch == nil ? "x86_64" : nil, "build": .text(build),
            "build_number": .number(Int64(buildNumber)), "constrains": .list(constrains.map { .text($0) }),
            "depends": .list(depends.map { .text($0) }), "name": .text(name),
            "platform": noarch == nil ? "linux" : nil, "subdir": .text(effectiveSubdir),
            "timestamp": .number(Int64(modificationTime) * 1_000), "version": .text(version),
        ]
        if constrains.isEmpty { index["constrains"] = nil }
        if let noarch { index["noarch"] = .text(noarch.rawValue) }
        if let license { index["license"] = .text(license) }
        if let pythonSitePackagesPath {
            index["python_site_packages_path"] = .text(pythonSitePackagesPath)
        }
        editIndex(&index)
        return index
    }

    /// `info/link.json`.
    private var link: JSONValue? {
        guard let noarch else { return nil }
        var value: JSONValue = ["type": .text(noarch.rawValue)]
        if !entryPoints.isEmpty { value["entry_points"] = .list(entryPoints.map { .text($0) }) }
        return ["noarch": value, "package_metadata_version": 1]
    }

    private var about: JSONValue {
        var about: JSONValue = [
            "home": "https://example.com/project", "summary": "A package made for a test",
        ]
        if let license { about["license"] = .text(license) }
        return about
    }

    /// By name below `info/`.
    private var info: [String: [UInt8]] {
        let files = allFiles
        func lines(_ lines: [String]) -> [UInt8] { Array(lines.map { "\($0)\n" }.joined().utf8) }
        var info: [String: [UInt8]] = [
            "index.json": index.bytes,
            "about.json": about.bytes,
            "files": lines(files.map(\.path)),
        ]
        info["link.json"] = link?.bytes
        let placeholders = files.compactMap { file in
            file.placeholder.map { "\($0.text) \($0.mode.rawValue) \(file.path)" }
        }
        if !placeholders.isEmpty { info["has_prefix"] = lines(placeholders) }
        let unlinked = files.filter(\.noLink).map(\.path)
        if !unlinked.isEmpty { info["no_link"] = lines(unlinked) }
        if !isLegacy {
            info["paths.json"] =
                JSONValue.object(["paths": .list(pathLines.map(\.json)), "paths_version": 1]).bytes
        }
        editInfo(&info)
        return info
    }

    private func member(_ name: String, type: String = "0", _ content: [UInt8] = [], link: String = "")
        -> TarFixture.Member
    {
        TarFixture.Member(name, type: type, content, link: link).with {
            $0.time = Self.octal(modificationTime, 11)
        }
    }

    static func octal(_ value: UInt64, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        return String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    var infoMembers: [TarFixture.Member] {
        var members = info.sorted { $0.key < $1.key }.map { member("info/\($0.key)", $0.value) }
        editInfoMembers(&members)
        return members
    }

    var licenseMembers: [TarFixture.Member] {
        licenseFiles.sorted { $0.key < $1.key }.map {
            member("info/licenses/\($0.key)", Array($0.value.utf8))
        }
    }

    var payload: [TarFixture.Member] {
        var members = allFiles.map { file in
            let made =
                switch file.content {
                case .bytes(let bytes): member(file.path, bytes)
                case .symbolicLink(let target): member(file.path, type: "2", link: target)
                case .hardLink(let target): member(file.path, type: "1", link: target)
                case .directory: member(file.path + "/", type: "5")
                }
            return made.with { $0.mode = Self.octal(UInt64(file.permissions), 7) }
        }
        editMembers(&members)
        return members
    }
}
