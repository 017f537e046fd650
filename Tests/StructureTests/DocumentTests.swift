import Bundle
import Digests
import Files
import Testing

/// Holds the pages about formats against the code.
@Suite struct DocumentTests {
    private func page(_ name: String) throws -> String {
        let bytes = try Repository.open().directory.contents(of: RelativePath("docs/\(name)"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The one JSON document on the page of the manifest, which holds every field.
    private func example() throws -> [UInt8] {
        let page = try page("manifest.md")
        let parts = page.split(separator: "```json\n", omittingEmptySubsequences: false)
        let text = try #require(parts.count == 2 ? parts[1].split(separator: "\n```").first : nil)
        return Array(text.utf8)
    }

    @Test func theExampleOfTheManifestIsOne() throws {
        let bytes = try example()
        let manifest = try Manifest.decode(bytes, subject: "docs/manifest.md")
        #expect(
            manifest.environment
                == (try EnvironmentIdentity.digest(
                    archives: manifest.archives, files: manifest.files, python: manifest.python,
                    install: manifest.install, overrides: manifest.overrides)))
        #expect(try CanonicalJSON.encodeReadable(manifest).count > 2_000)
        #expect(
            Self.keys(in: bytes) == Self.keys(in: try manifest.encoded()), "no key is unknown to the code")
    }

    @Test func everyFieldOfTheManifestIsDescribed() throws {
        let page = try page("manifest.md")
        let described = Set(
            page.split(separator: "\n").compactMap { line -> String? in
                guard line.hasPrefix("| `") else { return nil }
                return line.dropFirst(3).split(separator: "`").first.map(String.init)
            })
        let known = Self.keys(in: try Manifest.decode(example(), subject: "docs/manifest.md").encoded())
        #expect(known.count > 40)
        #expect(described.isSuperset(of: known), "\(known.subtracting(described).sorted())")
        #expect(described.isSubset(of: known), "\(described.subtracting(known).sorted())")
    }

    /// Every optional field is in the example: else the two tests above would pass over it.
    @Test func theExampleLeavesNothingOut() throws {
        let manifest = try Manifest.decode(example(), subject: "docs/manifest.md")
        var empty: [String] = []
        func look(_ value: Any, _ path: String) {
            let mirror = Mirror(reflecting: value)
            if mirror.displayStyle == .optional {
                if let some = mirror.children.first { look(some.value, path) } else { empty.append(path) }
                return
            }
            for child in mirror.children { look(child.value, "\(path).\(child.label ?? "")") }
        }
        for (name, value) in [
            ("target", manifest.target as Any), ("python", manifest.python), ("install", manifest.install),
        ] { look(value, name) }
        #expect(empty == [])
        let keys = Self.keys(in: try example())
        #expect(
            keys.isSuperset(of: [
                "build", "subdir", "url", "md5", "license", "direct_url", "sha256", "link", "noarch",
                "channel",
                "specs", "menus", "over", "paths", "license_source", "released", "policy", "violations",
                "package",
            ]))
    }

    /// The table of the safety rules says where each is enforced: `Module (\`Type\`, \`Other\`), Module`.
    @Test func theThreatModelNamesModulesAndTypesThatExist() throws {
        let sources = try Repository.open().sources()
        let page = try page("threat-model.md")
        let table = try #require(page.split(separator: "| rule | enforced in |").last)
        let cells = table.split(separator: "\n").filter { $0.hasPrefix("| ") }.compactMap {
            $0.split(separator: "|").last
        }
        #expect(cells.count > 15)
        for cell in cells {
            for place in Self.places(in: cell) {
                let texts = sources.filter { $0.module == place.module }.map(\.text)
                #expect(!texts.isEmpty, "\(place.module)")
                for name in place.names {
                    let words = name.split(separator: ".").map(String.init)
                    #expect(
                        texts.contains { text in words.allSatisfy { text.contains($0) } },
                        "\(name) in \(place.module)")
                }
            }
        }
    }

    private static func places(in cell: Substring) -> [(module: String, names: [String])] {
        var result: [(String, [String])] = []
        var inside = false
        for word in cell.split(whereSeparator: { $0 == " " || $0 == "," }) {
            if word.hasPrefix("(") { inside = true }
            if inside, word.contains("`") {
                result[result.count - 1].1.append(String(word.filter { !"(`)".contains($0) }))
            } else if !inside, word.first?.isUppercase == true {
                result.append((String(word), []))
            }
            if word.hasSuffix(")") { inside = false }
        }
        return result
    }

    /// The names of a JSON document's fields: strings in front of a colon.
    private static func keys(in bytes: [UInt8]) -> Set<String> {
        var keys: Set<String> = []
        var last: String?
        var position = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                var end = position + 1
                while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
                    end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
                }
                last = String(decoding: bytes[(position + 1)..<min(end, bytes.count)], as: UTF8.self)
                position = end
            case UInt8(ascii: ":"):
                if let key = last { keys.insert(key) }
                last = nil
            case UInt8(ascii: " "), UInt8(ascii: "\n"): break
            default: last = nil
            }
            position += 1
        }
        return keys
    }
}
