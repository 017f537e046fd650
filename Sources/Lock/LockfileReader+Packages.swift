import Digests
import Failures
import Yams

extension LockfileReader {
    typealias Package = (archive: LockedArchive, node: Node)

    mutating func packages(_ node: Node?) -> [String: [Package]] {
        var result: [String: [Package]] = [:]
        for item in yaml.list(node, "package") {
            let fields = yaml.table(
                item, "a package",
                known: [
                    "name", "version", "manager", "platform", "dependencies", "url", "hash", "build",
                    "category", "optional",
                ])
            func field(_ key: String) -> String? {
                yaml.string(yaml.required(fields, key, of: item, "a package"), key)
            }
            let name = field("name")
            let version = field("version")
            let manager = field("manager")
            let platform = field("platform")
            let url = field("url")
            if let manager, manager != "pip", manager != "conda" {
                yaml.fail(fields["manager"], "manager must be pip or conda, not '\(manager)'")
            }
            let kind: LockedArchive.Kind = manager == "conda" ? .conda : .wheel
            let build = yaml.string(fields["build"], "build")
            if kind == .wheel, build != nil {
                yaml.fail(fields["build"], "build belongs to conda packages, and '\(name ?? "")' is none")
            }
            if let category = fields["category"], yaml.string(category, "category") ?? "main" != "main" {
                yaml.fail(category, "category must be main, not \(category.found)", kind: .refused)
            }
            if let optional = yaml.required(fields, "optional", of: item, "a package"),
                optional.tag != Tag(.bool) || optional.bool != false
            {
                yaml.fail(optional, "optional must be false, not \(optional.found)", kind: .refused)
            }
            var dependencies: [String: String] = [:]
            for (name, node) in yaml.fields(fields["dependencies"], "dependencies", known: nil) {
                dependencies[name] = yaml.string(node, "the dependency '\(name)'")
            }
            var sha256: SHA256Digest?
            var md5: String?
            if let node = yaml.required(fields, "hash", of: item, "a package") {
                let hash = yaml.table(node, "hash", known: ["md5", "sha256"])
                sha256 = digest(yaml.required(hash, "sha256", of: node, "hash"), "sha256")
                md5 = self.md5(hash["md5"], "md5")
            }
            guard let name, let version, let platform, let url, let sha256 else { continue }
            guard !name.isEmpty, !url.isEmpty else {
                yaml.fail(item, "a package must have a name and a url that are not empty")
                continue
            }
            if let other = result[platform]?.first(where: {
                $0.archive.name == name && $0.archive.kind == kind
            }) {
                yaml.fail(
                    item,
                    "package '\(name)' is locked twice for \(platform) (first on line "
                        + "\(other.node.mark?.line ?? 0))")
                continue
            }
            result[platform, default: []].append(
                (
                    LockedArchive(
                        kind: kind, name: name, version: version, build: build, location: url,
                        sha256: sha256, md5: md5, requested: false, dependencies: dependencies),
                    item
                ))
        }
        return result
    }
}
