import Digests

/// Licence statements as SPDX 2.3 has them: expressions, and texts that are none under names of their own.
struct SPDXLicenses {
    /// `hasExtractedLicensingInfos`, sorted by identifier.
    let extracted: [JSONTree]

    init(_ statements: [LicenseStatement]) {
        var texts: [String: String] = [:]
        for statement in statements {
            if let expression = Self.expression(statement) {
                for license in expression.licenses where license.isReference {
                    texts[license.identifier] = Self.known[license.identifier] ?? Self.elsewhere
                }
            } else if let words = statement.words {
                texts[Self.identifier(words)] = words
            }
        }
        extracted = texts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            ["licenseId": .string($0.key), "extractedText": .string($0.value)]
        }
    }

    func declared(_ statement: LicenseStatement) -> JSONTree {
        if let expression = Self.expression(statement) { return .string(expression.description) }
        return .string(statement.words.map(Self.identifier) ?? "NOASSERTION")
    }

    /// nil where it names a licence of another document, which this one does not refer to.
    private static func expression(_ statement: LicenseStatement) -> SPDXExpression? {
        guard let expression = statement.expression,
            expression.licenses.allSatisfy({ $0.document == nil })
        else { return nil }
        return expression
    }

    /// The same text has the same identifier, in every document.
    private static func identifier(_ text: String) -> String {
        "LicenseRef-airlift-\(SHA256.hash(text).hex.prefix(16))"
    }

    private static let elsewhere = "The text is in the package that declares this licence."

    private static let known = [
        "LicenseRef-XZ-public-domain":
            "liblzma is in the public domain: its authors put it there (COPYING of XZ Utils 5.4)."
    ]
}
