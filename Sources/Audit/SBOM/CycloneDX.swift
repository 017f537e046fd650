/// CycloneDX 1.6 in JSON (ECMA-424).
struct CycloneDX {
    private let bill: BillOfMaterials

    init(_ bill: BillOfMaterials) { self.bill = bill }

    var document: JSONTree {
        [
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": .string("urn:uuid:\(bill.identity)"),
            "version": 1,
            "metadata": metadata,
            "components": .array(bill.components.map(component)),
            "dependencies": .array(dependencies),
            "compositions": .list(compositions),
        ]
    }

    private var metadata: JSONTree {
        let generator = bill.generator.split(separator: " ", maxSplits: 1).map(String.init)
        return [
            "timestamp": .text(bill.created),
            "lifecycles": [["phase": .string(bill.phase.rawValue)]],
            "tools": [
                "components": [
                    [
                        "type": "application", "name": .string(generator.first ?? "airlift"),
                        "version": .text(generator.count > 1 ? generator[1] : nil),
                    ]
                ]
            ],
            "component": component(bill.root),
        ]
    }

    private func component(_ component: BillOfMaterials.Component) -> JSONTree {
        [
            "type": .string(Self.type(component.kind)),
            "bom-ref": .string(component.reference),
            "name": .string(component.name),
            "version": .text(component.version),
            "description": .text(component.summary),
            // Everything listed is needed or asked for: nothing is optional.
            "scope": component.kind == .environment ? .absent : "required",
            "hashes": .list(hashes(component)),
            "licenses": licenses(component.license),
            "purl": .text(component.package?.description),
            "externalReferences": .list(distribution(component)),
            "properties": .list(properties(component)),
            "components": .list(component.parts.map(self.component)),
        ]
    }

    private static func type(_ kind: BillOfMaterials.Component.Kind) -> String {
        switch kind {
        case .environment, .installer: "application"
        case .interpreter: "platform"
        case .conda, .wheel, .library, .linked: "library"
        case .file: "file"
        }
    }

    private func hashes(_ component: BillOfMaterials.Component) -> [JSONTree] {
        [("MD5", component.md5), ("SHA-256", component.sha256?.hex)].compactMap { algorithm, digits in
            digits.map { ["alg": .string(algorithm), "content": .string($0)] }
        }
    }

    /// What the package declares; nobody has judged whether it is true.
    private func licenses(_ license: LicenseStatement) -> JSONTree {
        if let expression = license.expression {
            return [["expression": .string(expression.description), "acknowledgement": "declared"]]
        }
        guard let words = license.words else { return .absent }
        let (name, isWhole) = license.title(of: words)
        return [
            [
                "license": [
                    "name": .string(name), "acknowledgement": "declared",
                    "text": isWhole
                        ? .absent : ["contentType": "text/plain", "content": .string(words)],
                ]
            ]
        ]
    }

    private func distribution(_ component: BillOfMaterials.Component) -> [JSONTree] {
        guard let url = component.url else { return [] }
        return [["type": "distribution", "url": .string(url), "hashes": .list(hashes(component))]]
    }

    private func properties(_ component: BillOfMaterials.Component) -> [JSONTree] {
        var facts = component.facts
        facts.append(.init("kind", component.kind.rawValue))
        if let requested = component.requested { facts.append(.init("requested", "\(requested)")) }
        if let released = component.released { facts.append(.init("released", released)) }
        if let remark = component.remark { facts.append(.init("remark", remark)) }
        return facts.sorted { ($0.name, $0.value) < ($1.name, $1.value) }.map {
            ["name": .string("airlift:\($0.name)"), "value": .string($0.value)]
        }
    }

    private var dependencies: [JSONTree] {
        // A leaf is an entry without `dependsOn`: that nothing is known is said by leaving the entry out.
        let known = [bill.root.reference] + bill.components.map(\.reference)
        return known.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { reference in
            [
                "ref": .string(reference),
                "dependsOn": .list((bill.dependencies[reference] ?? []).map { .string($0) }),
            ]
        }
    }

    /// How complete the lists of parts are.
    private var compositions: [JSONTree] {
        var complete: [String] = []
        var incomplete: [String] = []
        var unknown: [String] = []
        for component in [bill.root] + bill.components {
            switch (component.kind, component.listsAllParts) {
            case (_, true?): complete.append(component.reference)
            case (_, false?): incomplete.append(component.reference)
            case (.environment, nil), (.interpreter, nil), (.installer, nil):
                unknown.append(component.reference)
            default: break
            }
        }
        return [("complete", complete), ("incomplete", incomplete), ("unknown", unknown)]
            .filter { !$0.1.isEmpty }
            .map { aggregate, references in
                [
                    "aggregate": .string(aggregate),
                    "assemblies": .array(
                        references.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { .string($0) }),
                ]
            }
    }
}

extension BillOfMaterials {
    /// Where it lies in a bundle.
    public static let cycloneDXPath = "airlift/sbom.cdx.json"

    /// The document of CycloneDX 1.6: canonical JSON.
    public var cycloneDX: [UInt8] { CycloneDX(self).document.encoded() }
}
