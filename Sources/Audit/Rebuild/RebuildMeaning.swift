/// What follows from a difference, in the words of an auditor.
enum RebuildMeaning {
    static let stub =
        "the shell text at its start is not Airlift's of this version: it runs before anything is checked, so do not run this file"

    static let listBesideOthers =
        "its list of components names what the differences above are about, so that it may differ for them alone"

    static func ofEntry(_ kind: RebuildDifference.Kind, isInBundle: Bool, isRebuilt: Bool) -> String {
        guard isRebuilt else {
            return
                "nothing of spec and lock leads to this entry, so that somebody added it or another version made it"
        }
        guard isInBundle else { return "the spec and lock lead to this entry, and the bundle lacks it" }
        return switch kind {
        case .installer:
            "the executable that installs is not the one named with --installer; ask who built it, and from which source"
        case .archive: "the bundle carries other bytes than its own lock names"
        case .bytecode:
            "its compiled modules are not what the sources beside them compile to with this interpreter; what runs is not what is read"
        case .file: "the file is not the one in the bundle's place for it"
        case .sbom: "its list of components is not the one that follows from its manifest; do not rely on it"
        case .spec: "it holds a password or a token, or another version wrote it"
        case .lock: "its text is not the one that this version writes for what it says"
        default: "it is not what follows from the spec and the lock"
        }
    }

    /// Whether a key of the manifest only repeats a difference of an entry that is named by itself.
    static func follows(_ key: String, from entries: Set<String>) -> Bool {
        if key == "generator" || key == "entries" || key.hasPrefix("entries[") || key.hasPrefix("stub") {
            return true
        }
        if key.hasSuffix(".crc32") { return true }
        if key == "spec" { return entries.contains("airlift/spec.toml") }
        if key == "lock" { return entries.contains("airlift/lock.yml") }
        guard key.hasPrefix("archives["), let end = key.firstIndex(of: "]") else { return false }
        let path = String(key[key.index(key.startIndex, offsetBy: "archives[".count)..<end])
        let rest = key[key.index(after: end)...]
        // A whole row is there on one side only: so is its entry.
        return entries.contains(path) && (rest.isEmpty || rest == ".size" || rest == ".sha256")
    }

    static func ofKey(_ key: String) -> String {
        let name = key.prefix { $0 != "." && $0 != "[" && $0 != " " }
        let field = key.hasSuffix("]") ? "" : key.split(separator: ".").last.map(String.init) ?? key
        return switch name {
        case "archives": ofArchive(field, isOrder: key.hasSuffix("(order)"))
        case "environment":
            "it installs another environment than its spec and lock describe, or hides which one"
        case "files": "it installs another file, mode or link than its archives and spec give"
        case "install": "it installs in another way than the spec says"
        case "name", "summary", "platform": "the spec says otherwise"
        case "overrides": "it departs from a rule that the spec does not except, or not for these paths"
        case "policy": "the policy in its spec, judged for that day, says otherwise"
        case "python": "the interpreter is described otherwise than it describes itself"
        case "serial": "the serial does not follow from the version, so that --serial set it"
        case "spec", "lock": "the digest is not that of the entry"
        case "target": "it asks more or less of a host than its packages do"
        case "airlift", "version": "the manifest is of another cut"
        default: "this version writes no such key, or another value"
        }
    }

    private static func ofArchive(_ field: String, isOrder: Bool) -> String {
        if isOrder { return "its packages are installed in another order" }
        return switch field {
        case "license", "license_source": "the package states its licence otherwise"
        case "url", "channel", "direct_url": "the lock says that it came from elsewhere"
        case "requested", "specs": "the lock asks for it otherwise"
        case "hooks": "it tells of other code that runs without being called"
        case "depends": "the package depends on other ones"
        case "released": "the lock says that it was published at another time"
        case "filename", "path", "kind", "name", "version", "build", "subdir", "md5":
            "the lock names it otherwise"
        case "": "the lock names no such archive, or one that the bundle lacks"
        default: "the package says so itself, and otherwise"
        }
    }
}
