import Files
import TestSupport
import Testing

/// Holds the pages about JSON documents against the schemas; that the programs print what the schemas say, the
/// end-to-end tests see.
@Suite struct SchemaTests {
    static let pages = ["installer-json.md", "audit-json.md"]

    private func schemas() throws -> JSONSchemas {
        try JSONSchemas(Repository.open().directory.directory(RelativePath("docs/schemas")))
    }

    private func page(_ name: String) throws -> String {
        let bytes = try Repository.open().directory.contents(of: RelativePath("docs/\(name)"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What stands in backquotes.
    private static func words(_ text: String) -> Set<String> {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        return Set(parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) })
    }

    /// The schema files that a text links to.
    private static func links(_ text: String) -> [String] {
        text.split(separator: "](schemas/").dropFirst().compactMap {
            $0.split(separator: ")").first.map(String.init)
        }
    }

    @Test func everySchemaIsOfTheKindThatTestsUnderstand() throws {
        let schemas = try schemas()
        #expect(schemas.documents.count > 25)
        #expect(schemas.unknownWords() == [])
        for (name, schema) in schemas.documents {
            #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema", "\(name)")
            #expect(schema["$id"] == .text(name))
        }
    }

    @Test func everySchemaIsOnAPage() throws {
        let linked = Set(try Self.pages.flatMap { Self.links(try page($0)) })
        #expect(linked == Set(try schemas().documents.keys).subtracting(["common.json"]))
    }

    /// Keys may be described in another section, on the other page, or on that of the manifest.
    @Test func everyKeyIsDescribed() throws {
        let schemas = try schemas()
        let described = Self.words(try (Self.pages + ["manifest.md"]).map(page).joined())
        for name in Self.pages {
            for file in Self.links(try page(name)) {
                let keys = schemas.keys(of: file)
                #expect(keys.subtracting(described) == [], "\(name), \(file)")
                #expect(!keys.isEmpty)
            }
        }
    }

    /// The first column of a section's table names the keys on the top of its document; others there are of what is
    /// nested.
    @Test func tablesOfTheInstallerNameTheKeysOfTheirDocuments() throws {
        let schemas = try schemas()
        let page = try page("installer-json.md")
        for section in page.split(separator: "\n## ").flatMap({ $0.split(separator: "\n### ") }).map(
            String.init)
        {
            guard let file = Self.links(section).first, file != "manifest.json", file != "error.json" else {
                continue
            }
            let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            let named = Set(rows.flatMap { Self.words(String($0.split(separator: "|")[0])) })
            guard case .object(let properties)? = schemas.documents[file]?["properties"] else {
                Issue.record("\(file) has no properties")
                continue
            }
            let keys = Set(properties.keys)
            #expect(named.subtracting(schemas.keys(of: file)) == [], "\(file): no such keys")
            #expect(keys.subtracting(named) == [], "\(file): not in its table")
        }
    }

    @Test func aDocumentThatIsNotAsDescribedIsFound() throws {
        let schemas = try schemas()
        let good: JSONValue = ["airlift_init": 1, "name": "a", "spec": "a/bundle.toml"]
        #expect(schemas.faults(of: good, by: "init.json") == [])
        for (key, value) in [
            ("airlift_init", 2 as JSONValue), ("name", 7), ("spec", nil), ("camelCase", "x"),
        ] {
            var bad = good
            bad[key] = value
            #expect(schemas.faults(of: bad, by: "init.json").count == 1, "\(key)")
        }
        #expect(schemas.faults(of: ["name": "a"], by: "init.json").count == 2)
        #expect(schemas.faults(of: ["archives": ["x"]], by: "list.json").count == 2)
    }
}
