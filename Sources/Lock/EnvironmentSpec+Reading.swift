import Conda
import Digests
import Failures

extension EnvironmentSpec {
    /// Reads a spec (TOML 1.0).
    /// - Parameter file: how errors name it.
    /// - Throws: all problems at once, each a ``LockError`` with its line.
    public static func read(_ bytes: [UInt8], file: String) throws(FailureList) -> EnvironmentSpec {
        var reader = SpecReader(file: file)
        let root: TOMLNode
        do throws(LockError) {
            root = try TOMLNode.read(bytes, file: file)
        } catch {
            throw FailureList([error])
        }
        let spec = spec(root, &reader)
        guard let spec, reader.problems.isEmpty else {
            throw FailureList(
                reader.problems.sorted { ($0.line ?? 0, $0.reason) < ($1.line ?? 0, $1.reason) })
        }
        return spec
    }

    private static let topLevel = [
        "name", "summary", "platforms", "calver", "default_prefix", "target", "lock", "python", "conda",
        "override", "wheels", "files", "install", "state", "hooks", "policy",
    ]

    private static func spec(_ root: TOMLNode, _ reader: inout SpecReader) -> EnvironmentSpec? {
        let top = reader.fields(root, "", known: topLevel)
        if top["name"] == nil { reader.fail(nil, "it has no name; add name = \"…\"") }
        if top["platforms"] == nil {
            reader.fail(nil, "it names no platforms; add platforms = [\"linux-64\"]")
        }
        let name = reader.string(top["name"], "name")
        if let name { checkName(name, &reader) }
        let platforms = platforms(top["platforms"], &reader)
        let foreign = foreignSource(top["lock"], &reader)
        // A foreign lock names its Python itself.
        let isPythonLocked = top["python"] == nil && top["lock"] != nil
        let interpreter = isPythonLocked ? .conda("*") : interpreter(top["python"], &reader)

        var spec = EnvironmentSpec(
            name: name?.value ?? "", platforms: platforms, interpreter: interpreter ?? .host(minor: ""))
        if let summary = reader.string(top["summary"], "summary") {
            if summary.value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
                reader.fail(summary.line, "summary must be one line without control characters")
            }
            spec.summary = summary.value
        }
        if let calver = reader.string(top["calver"], "calver") {
            checkCalver(calver, &reader)
            spec.calver = calver.value
        }
        if let prefix = reader.string(top["default_prefix"], "default_prefix") {
            checkAbsolute(prefix, "default_prefix", &reader)
            spec.defaultPrefix = prefix.value
        }
        let target = reader.fields(top["target"], "target", known: ["glibc"])
        if let text = reader.string(target["glibc"], "[target] glibc") {
            if let version = GlibcVersion(text.value) {
                spec.glibc = version
            } else {
                reader.fail(
                    text.line, "[target] glibc must be two numbers such as \"2.28\", not \"\(text.value)\"")
            }
        }
        spec.foreign = foreign
        conda(top["conda"], into: &spec, &reader)
        spec.overrides = overrides(top["override"], &reader)
        checkPython(top, &reader)

        spec.policy = top["policy"].map { PolicySpec.read($0, "policy", &reader) }

        let wheels = reader.fields(top["wheels"], "wheels", known: ["index", "requirements"])
        if let index = wheels["index"] {
            let indexes = reader.unique(reader.strings(index, "[wheels] index"), "[wheels] index")
            if indexes.isEmpty, case .array(let elements) = index.value, elements.isEmpty {
                reader.fail(index.line, "[wheels] index is empty; name an index or leave the key out")
            }
            spec.wheelIndexes = indexes
        }
        spec.requirements = reader.strings(wheels["requirements"], "[wheels] requirements")

        spec.files = files(top["files"], &reader)
        let install = reader.fields(top["install"], "install", known: ["bytecode", "license"])
        if let text = reader.string(install["bytecode"], "[install] bytecode") {
            if let bytecode = Bytecode(rawValue: text.value) {
                spec.bytecode = bytecode
            } else {
                reader.fail(
                    text.line,
                    "[install] bytecode must be \"target\", \"bundle\" or \"none\", not \"\(text.value)\""
                        + Suggestion.text(for: text.value, among: Bytecode.allCases.map(\.rawValue)))
            }
        }
        if let license = reader.string(install["license"], "[install] license") {
            spec.license = reader.relativePath(license, "[install] license", upwards: true)
        }
        let state = reader.fields(top["state"], "state", known: ["paths"])
        let paths = reader.strings(state["paths"], "[state] paths")
        spec.statePaths = reader.unique(
            paths.filter { reader.relativePath($0, "[state] paths") != nil }, "[state] paths")
        spec.hooks = SpecHooks.read(top["hooks"], &reader)
        return spec
    }

    private static func checkName(_ name: Located<String>, _ reader: inout SpecReader) {
        let first = name.value.utf8.first ?? 0
        let allowed = name.value.utf8.allSatisfy { isLetterOrDigit($0) || "-_.".utf8.contains($0) }
        guard allowed, isLetterOrDigit(first), name.value.utf8.count <= 64 else {
            reader.fail(
                name.line,
                "name must be at most 64 lower-case letters, digits, '-', '_' and '.', beginning with a letter "
                    + "or digit, not \"\(name.value)\"")
            return
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func platforms(_ node: TOMLNode?, _ reader: inout SpecReader) -> [String] {
        guard let node else { return [] }
        let platforms = reader.strings(node, "platforms")
        if case .array(let elements) = node.value, elements.isEmpty {
            reader.fail(node.line, "platforms is empty; name at least one, such as \"linux-64\"")
        }
        for platform in platforms where !CondaPlatform.all.contains(platform.value) {
            reader.fail(
                platform.line,
                "unknown platform '\(platform.value)'"
                    + (Suggestion.nearest(to: platform.value, among: CondaPlatform.all).map {
                        "; did you mean '\($0)'?"
                    } ?? "; known are \(CondaPlatform.all.joined(separator: ", "))"))
        }
        return reader.unique(platforms, "platforms")
    }

    private static let dateTokens = ["YYYY", "YY", "0Y", "MM", "0M", "WW", "0W", "DD", "0D", "MICRO"]

    private static func checkCalver(_ calver: Located<String>, _ reader: inout SpecReader) {
        let tokens = calver.value.split(omittingEmptySubsequences: false) { ".-_".contains($0) }
        for token in tokens where !dateTokens.contains(String(token)) {
            reader.fail(
                calver.line,
                "calver \"\(calver.value)\" has the unknown token '\(token)'; known are "
                    + dateTokens.joined(separator: ", "))
        }
    }

    private static func checkAbsolute(_ path: Located<String>, _ name: String, _ reader: inout SpecReader) {
        let components = path.value.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let plain = !path.value.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
        guard path.value.hasPrefix("/"), path.value != "/", plain,
            !components.contains(where: { $0 == "" || $0 == "." || $0 == ".." })
        else {
            reader.fail(
                path.line,
                "\(name) must be an absolute path without '.', '..' and empty components, such as "
                    + "\"/opt/payroll\", not \"\(path.value)\"")
            return
        }
    }

    private static func interpreter(_ node: TOMLNode?, _ reader: inout SpecReader) -> Interpreter? {
        guard let node else {
            reader.fail(
                nil, "it names no base interpreter; add [python] with one of conda, archive, capture, host")
            return nil
        }
        let table = reader.fields(
            node, "python", known: ["conda", "archive", "sha256", "capture", "host"])
        let kinds = ["conda", "archive", "capture", "host"].filter { table[$0] != nil }
        guard kinds.count == 1 else {
            reader.fail(
                node.line,
                "[python] must have exactly one of conda, archive, capture and host, not "
                    + (kinds.isEmpty ? "none" : kinds.joined(separator: " and ")))
            return nil
        }
        if let sha256 = table["sha256"], kinds != ["archive"] {
            reader.fail(sha256.line, "[python] sha256 belongs to archive; remove it beside \(kinds[0])")
        }
        guard let value = reader.string(table[kinds[0]], "[python] \(kinds[0])") else { return nil }
        switch kinds[0] {
        case "conda":
            do throws(CondaError) { _ = try VersionSpec(value.value) } catch {
                reader.fail(
                    value.line,
                    "[python] conda must be a version constraint such as \"3.12.*\" or \">=3.10,<3.13\", not "
                        + "\"\(value.value)\": \(error.reason)")
            }
            return .conda(value.value)
        case "archive":
            guard let text = reader.string(table["sha256"], "[python] sha256") else {
                if table["sha256"] == nil {
                    reader.fail(value.line, "[python] archive needs the file's digest; add sha256 = \"…\"")
                }
                return nil
            }
            guard let digest = SHA256Digest(hex: text.value) else {
                reader.fail(
                    text.line, "[python] sha256 must be 64 hexadecimal digits, not \"\(text.value)\"")
                return nil
            }
            return .archive(location: value.value, sha256: digest)
        case "capture":
            checkAbsolute(value, "[python] capture", &reader)
            return .capture(executable: value.value)
        default:
            let version = GlibcVersion(value.value)
            guard let version, version.major == 3 else {
                reader.fail(
                    value.line,
                    "[python] host must be a minor version such as \"3.11\", not \"\(value.value)\"")
                return nil
            }
            return .host(minor: value.value)
        }
    }

    private static func files(_ node: TOMLNode?, _ reader: inout SpecReader) -> [String: String] {
        guard let node else { return [:] }
        guard case .table(let table) = node.value else {
            reader.fail(node.line, "files must be a table of destination = source, not \(node.found)")
            return [:]
        }
        var files: [String: String] = [:]
        for (destination, value) in table {
            guard let source = reader.string(value, "[files] \"\(destination)\""),
                let to = reader.relativePath(
                    Located(destination, line: value.line), "the destination in [files]"),
                let from = reader.relativePath(source, "the source in [files]", upwards: true)
            else { continue }
            files[to] = from
        }
        return files
    }
}
