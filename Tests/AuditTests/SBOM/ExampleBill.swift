import Bundle
import Digests

@testable import Audit

/// A bundle with one of everything.
enum ExampleBill {
    static let componentsText = """
        airlift-components 1
        pkg:generic/airlift-installer\t0.1.0\t
        pkg:generic/gcc-runtime\t@gcc\tGPL-3.0-or-later WITH GCC-exception-3.1
        pkg:generic/xz\t5.4.1\tLicenseRef-XZ-public-domain
        pkg:generic/swift\t\tApache-2.0 WITH Swift-exception
        airlift-components end

        """

    /// An executable that says what is in it, and by which compiler it was made.
    static func executable(
        _ text: String = componentsText, compiler: String = "GCC: (Debian 12.2.0-14) 12.2.0"
    )
        -> [UInt8]
    {
        [0x7f, 0x45, 0x4c, 0x46] + [UInt8](repeating: 0x90, count: 5_000) + Array(text.utf8) + [0]
            + [UInt8](repeating: 0xff, count: 999) + [0] + Array(compiler.utf8) + [0, 0x31]
    }

    static func archives() -> [Manifest.Archive] {
        var python = Example.archive("cpython", "3.11.2", kind: .python)
        python.filename = "cpython-3.11.2-linux-64.tar.zst"
        python.url = nil
        python.license = "PSF-2.0"
        var flask = Example.archive("flask", "3.0.3", requested: true)
        flask.depends = ["markupsafe>=2", "colorama; sys_platform == 'win32'"]
        flask.license = "BSD-3-Clause"
        flask.licenseSource = "expression"
        var markupsafe = Example.archive("markupsafe", "2.1.5")
        markupsafe.license = "License :: OSI Approved :: MIT License"
        markupsafe.licenseSource = "classifiers"
        markupsafe.released = "2024-02-02T16:30:04.123456Z"
        var libpq = Example.archive("libpq", "16.4", kind: .conda, hooks: ["link script post-link"])
        libpq.filename = "libpq-16.4-h2d7952a_1.conda"
        libpq.build = "h2d7952a_1"
        libpq.subdir = "linux-64"
        libpq.channel = "https://channel.example.org/t/token/forge"
        libpq.url = "https://channel.example.org/forge/linux-64/libpq-16.4-h2d7952a_1.conda"
        libpq.md5 = String(repeating: "0e", count: 16)
        libpq.license = "Some words of our own"
        libpq.licenseSource = "conda"
        return [python, libpq, flask, markupsafe]
    }

    static func manifest(_ archives: [Manifest.Archive] = archives(), version: String = "2026.11.21") throws
        -> Manifest
    {
        var manifest = try Example.manifest(version: version, archives: archives)
        let source = "archives/pythons/cpython-3.11.2-py3-none-any.whl"
        manifest.files.append(
            .init(
                path: "base/lib/libssl.so.3", source: source, size: 9, sha256: Example.digest("libssl"),
                mode: "0644", link: nil))
        return manifest
    }

    static let interpreter = BillOfMaterials.InterpreterParts(
        libraries: [
            .init(name: "libssl.so.3", path: "base/lib/libssl.so.3", package: "libssl3 3.0.19-1~deb12u2"),
            .init(name: "libown.so.1", path: "base/lib/libown.so.1", package: nil),
        ], distribution: "debian 12")

    static func bill(
        _ manifest: Manifest, installer: [UInt8]? = executable(),
        interpreter: BillOfMaterials.InterpreterParts? = interpreter, phase: BillOfMaterials.Phase = .bundle
    ) -> BillOfMaterials {
        BillOfMaterials(
            manifest, installer: .init(sha256: Example.digest("installer"), bytes: installer),
            interpreter: interpreter, phase: phase)
    }

    static func bill() throws -> BillOfMaterials { bill(try manifest()) }
}

/// The documents as far as the tests look into them.
struct CycloneDXDocument: Decodable {
    struct Component: Decodable {
        struct License: Decodable {
            struct Text: Decodable { let content: String }
            struct Named: Decodable {
                let name: String
                let text: Text?
            }
            let expression: String?
            let license: Named?
        }
        struct Hash: Decodable { let alg, content: String }
        struct Reference: Decodable { let type, url: String }
        struct Property: Decodable { let name, value: String }
        let type, name, reference: String
        let version, purl: String?
        let licenses: [License]?
        let hashes: [Hash]?
        let externalReferences: [Reference]?
        let properties: [Property]?
        let components: [Component]?

        enum CodingKeys: String, CodingKey {
            case type, name, version, purl, licenses, hashes, externalReferences, properties, components
            case reference = "bom-ref"
        }

        func property(_ name: String) -> String? { properties?.first { $0.name == "airlift:\(name)" }?.value }
    }
    struct Metadata: Decodable {
        struct Lifecycle: Decodable { let phase: String }
        let timestamp: String?
        let lifecycles: [Lifecycle]
        let component: Component
    }
    struct Dependency: Decodable {
        let ref: String
        let dependsOn: [String]?
    }
    struct Composition: Decodable {
        let aggregate: String
        let assemblies: [String]
    }
    let serialNumber: String
    let metadata: Metadata
    let components: [Component]
    let dependencies: [Dependency]
    let compositions: [Composition]?

    init(_ bytes: [UInt8]) throws { self = try CanonicalJSON.decode(Self.self, from: bytes) }

    func component(_ name: String) -> Component? {
        (components + components.flatMap { $0.components ?? [] }).first { $0.name == name }
    }

    /// `flask -> markupsafe`, by names.
    var edges: [String] {
        let all = [metadata.component] + components + components.flatMap { $0.components ?? [] }
        let names = Dictionary(all.map { ($0.reference, $0.name) }) { first, _ in first }
        return dependencies.flatMap { dependency in
            (dependency.dependsOn ?? []).map { "\(names[dependency.ref] ?? "?") -> \(names[$0] ?? "?")" }
        }.sorted()
    }
}

struct SPDXDocument: Decodable {
    struct Package: Decodable {
        struct Reference: Decodable { let referenceLocator: String }
        let name, SPDXID, downloadLocation, licenseDeclared, comment: String
        let versionInfo, releaseDate: String?
        let externalRefs: [Reference]?
    }
    struct Relationship: Decodable { let spdxElementId, relationshipType, relatedSpdxElement: String }
    struct License: Decodable { let licenseId, extractedText: String }
    struct Creation: Decodable { let created: String }
    let name, documentNamespace: String
    let creationInfo: Creation
    let packages: [Package]
    let relationships: [Relationship]
    let hasExtractedLicensingInfos: [License]?

    init(_ bytes: [UInt8]) throws { self = try CanonicalJSON.decode(Self.self, from: bytes) }

    func package(_ name: String) -> Package? { packages.first { $0.name == name } }

    /// `flask DEPENDS_ON markupsafe`, by names.
    var sentences: [String] {
        let names = Dictionary(packages.map { ($0.SPDXID, $0.name) }) { first, _ in first }
        return relationships.map {
            [
                names[$0.spdxElementId] ?? $0.spdxElementId, $0.relationshipType,
                names[$0.relatedSpdxElement] ?? $0.relatedSpdxElement,
            ].joined(separator: " ")
        }
    }
}
