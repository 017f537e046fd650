import Digests

/// SPDX 2.3 in JSON (ISO/IEC 5962 describes 2.2.1).
struct SPDX {
    private let bill: BillOfMaterials
    private let licenses: SPDXLicenses

    init(_ bill: BillOfMaterials) {
        self.bill = bill
        licenses = SPDXLicenses(
            ([bill.root] + bill.components).flatMap { [$0] + $0.parts }.map(\.license))
    }

    private static let noAssertion: JSONTree = "NOASSERTION"

    var document: JSONTree {
        let name = [bill.root.name, bill.root.version].compactMap { $0 }.joined(separator: "-")
        return [
            "spdxVersion": "SPDX-2.3",
            "dataLicense": "CC0-1.0",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": .string(name),
            // The place that the specification offers to those without one of their own; nothing lies there.
            "documentNamespace": .string(
                "https://spdx.org/spdxdocs/\(PackageURL.encoded(name))-\(bill.identity)"),
            "creationInfo": creation,
            "packages": .array(
                ([bill.root] + bill.components).flatMap { [$0] + $0.parts }.map(package)),
            "relationships": .array(relationships),
            "hasExtractedLicensingInfos": .list(licenses.extracted),
        ]
    }

    private var creation: JSONTree {
        [
            // Mandatory: where the version names no day, the one that ZIP archives begin with.
            "created": .string(bill.created ?? "1980-01-01T00:00:00Z"),
            "creators": .array([
                .string("Tool: \(bill.generator.split(separator: " ").joined(separator: "-"))")
            ]),
            "licenseListVersion": .string(
                SPDXLicenseList.version.split(separator: ".").prefix(2).joined(separator: ".")),
            "comment":
                "The date is that of the version, not of writing: the same cut has the same document.",
        ]
    }

    private func package(_ component: BillOfMaterials.Component) -> JSONTree {
        [
            "SPDXID": .string(Self.identifier(component)),
            "name": .string(component.name),
            "versionInfo": .text(component.version),
            "summary": .text(component.summary),
            "packageFileName": .text(component.filename),
            "supplier": Self.noAssertion,
            "downloadLocation": component.url.flatMap(Self.location) ?? Self.noAssertion,
            "filesAnalyzed": false,
            "checksums": .list(
                [("MD5", component.md5), ("SHA256", component.sha256?.hex)].compactMap { algorithm, digits in
                    digits.map { ["algorithm": .string(algorithm), "checksumValue": .string($0)] }
                }),
            // What it comes down to, nobody has judged; what it declares is told.
            "licenseConcluded": Self.noAssertion,
            "licenseDeclared": licenses.declared(component.license),
            "copyrightText": Self.noAssertion,
            "externalRefs": .list(
                component.package.map {
                    [
                        [
                            "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                            "referenceLocator": .string($0.description),
                        ]
                    ]
                } ?? []),
            "primaryPackagePurpose": .string(Self.purpose(component.kind)),
            "releaseDate": .text(component.released.flatMap(Self.date)),
            "comment": .string(comment(component)),
        ]
    }

    /// `2024-02-02T16:30:04Z`, the only form that SPDX has: parts of a second are dropped, other forms left out.
    private static func date(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        let (head, rest) = (bytes.prefix(19), bytes[19..<(bytes.count - 1)])
        guard
            zip(head, "0000-00-00T00:00:00".utf8).allSatisfy({ byte, form in
                form == UInt8(ascii: "0") ? byte &- 0x30 < 10 : byte == form
            }), rest.isEmpty || rest.first == UInt8(ascii: "."),
            rest.dropFirst().allSatisfy({ $0 &- 0x30 < 10 })
        else { return nil }
        return String(decoding: head, as: UTF8.self) + "Z"
    }

    private static func purpose(_ kind: BillOfMaterials.Component.Kind) -> String {
        switch kind {
        case .environment, .installer, .interpreter: "APPLICATION"
        case .conda, .wheel, .library, .linked: "LIBRARY"
        case .file: "FILE"
        }
    }

    /// `SPDXRef-` takes letters, digits, `.` and `-`: the reference's digest keeps what is different apart.
    private static func identifier(_ component: BillOfMaterials.Component) -> String {
        let words = [component.kind.rawValue, component.name, component.version ?? ""]
        let text = words.filter { !$0.isEmpty }.joined(separator: "-").utf8.prefix(80).map { byte in
            WebAddress.isUnreserved(byte) && byte != UInt8(ascii: "_") && byte != UInt8(ascii: "~")
                ? byte : UInt8(ascii: "-")
        }
        let digest = SHA256.hash(component.reference).hex.prefix(12)
        return "SPDXRef-\(String(decoding: text, as: UTF8.self))-\(digest)"
    }

    /// spdx-tools takes no address for a download location whose host has no name with a dot; the address is in
    /// the comment then.
    private static func location(_ url: String) -> JSONTree? {
        WebAddress.hasQualifiedHost(url) ? .string(url) : nil
    }

    /// What CycloneDX has properties for, a line each.
    private func comment(_ component: BillOfMaterials.Component) -> String {
        var lines = ["kind: \(component.kind.rawValue)"]
        if let requested = component.requested {
            lines.append(requested ? "requested: asked for by name" : "requested: no, needed by others")
        }
        if let url = component.url, Self.location(url) == nil { lines.append("location: \(url)") }
        lines += component.facts.map { "\($0.name): \($0.value)" }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        if let remark = component.remark { lines.append(remark) }
        return lines.joined(separator: "\n")
    }

    private var relationships: [JSONTree] {
        let all = ([bill.root] + bill.components).flatMap { [$0] + $0.parts }
        let identifiers = Dictionary(
            all.map { ($0.reference, Self.identifier($0)) }, uniquingKeysWith: { first, _ in first })
        var result: [JSONTree] = []
        func add(_ from: String, _ type: String, _ to: String) {
            result.append([
                "spdxElementId": .string(from), "relationshipType": .string(type),
                "relatedSpdxElement": .string(to),
            ])
        }
        let root = Self.identifier(bill.root)
        add("SPDXRef-DOCUMENT", "DESCRIBES", root)
        for component in bill.components { add(root, "CONTAINS", Self.identifier(component)) }
        for component in bill.components {
            let type = component.kind == .installer ? "STATIC_LINK" : "CONTAINS"
            for part in component.parts { add(Self.identifier(component), type, Self.identifier(part)) }
        }
        for component in [bill.root] + bill.components where component.kind != .installer {
            for reference in bill.dependencies[component.reference] ?? [] {
                guard let identifier = identifiers[reference] else { continue }
                add(Self.identifier(component), "DEPENDS_ON", identifier)
            }
        }
        return result
    }
}

extension BillOfMaterials {
    /// Where it lies in a bundle.
    public static let spdxPath = "airlift/sbom.spdx.json"

    /// The document of SPDX 2.3: canonical JSON.
    public var spdx: [UInt8] { SPDX(self).document.encoded() }
}
