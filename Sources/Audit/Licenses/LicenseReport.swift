import Bundle
import Digests

/// The licences of every package of an environment, for `airlift licenses`. Its keys are stable, and
/// `airlift_licenses` counts up when their meaning changes.
public struct LicenseReport: Encodable, Sendable {
    public static let formatVersion = 1

    /// `payroll 2026.11.21 (linux-64)`
    public let title: String
    /// By kind and name.
    public let packages: [Package]
    /// What is linked into the installer that a bundle carries, as far as it says so itself.
    public let installer: [InstallerComponents.Part]

    public struct Package: Sendable {
        public let package: PackageSet.Package
        public let statement: LicenseStatement
        /// By path; nil where the source has no texts to read.
        public let texts: [LicenseText]?

        public init(_ package: PackageSet.Package, texts: [LicenseText]?) {
            self.package = package
            statement = LicenseStatement(text: package.license, source: package.licenseSource)
            self.texts = texts
        }

        /// The expression, else what is written, else nothing.
        public var words: String { statement.expression?.description ?? statement.text ?? "" }

        fileprivate var title: String { "\(package.name) \(package.version)" }
    }

    public init(title: String, packages: [Package], installer: [InstallerComponents.Part] = []) {
        self.title = title
        self.installer = installer
        self.packages = packages.sorted {
            ($0.package.kind, $0.package.name) < ($1.package.kind, $1.package.name)
        }
    }

    /// The table.
    public var lines: [String] {
        var table = TextTable([
            ("kind", .left), ("name", .left), ("version", .left), ("licence", .left), ("stated in", .left),
            ("texts", .right),
        ])
        for row in packages {
            table.add([
                row.package.kind.rawValue, row.package.name, row.package.version,
                row.statement.expression == nil && row.statement.text != nil ? "\"\(row.words)\"" : row.words,
                row.statement.source?.rawValue ?? "", row.texts.map { "\($0.count)" } ?? "?",
            ])
        }
        for part in installer {
            table.add(["installer", part.name, part.version ?? "", part.license ?? "", "", "0"])
        }
        return table.lines + [summary]
    }

    private var summary: String {
        let exact = packages.count { $0.statement.expression != nil }
        let classified = packages.count { $0.statement.expression != nil && $0.statement.isFromClassifiers }
        let doubtful = classified == 0 ? "" : ", \(classified) of them by classifiers alone"
        return "\(packages.count) packages, \(exact) with an exact licence\(doubtful)"
    }

    /// The texts of every package, one after the other.
    public var textLines: [String] {
        var lines: [String] = []
        for row in packages {
            lines.append(
                "== \(TextTable.printable("\(row.title): \(row.words.isEmpty ? "no licence stated" : row.words)")) =="
            )
            if row.texts?.isEmpty != false { lines += ["", "No text of its licence is here."] }
            for text in row.texts ?? [] {
                lines += ["", "-- \(TextTable.printable(text.path)) --", ""]
                for line in text.text.split(separator: "\n", omittingEmptySubsequences: false) {
                    lines.append(TextTable.printable(String(line).replacing("\t", with: "    ")))
                }
            }
            lines.append("")
        }
        return lines
    }

    /// One file with every text once, below the packages that have it: the same environment gives the same
    /// bytes.
    public var notices: String {
        let (order, owners) = distinct
        let rule = String(repeating: "=", count: 72)
        var lines = ["Licences and notices of \(title)", ""]
        lines += packages.map { row in
            let licence = row.words.isEmpty ? "no licence stated" : row.words
            let mark = row.statement.isFromClassifiers ? " (by its classifiers)" : ""
            return "  \(row.title): \(licence)\(mark)\(row.texts?.isEmpty == false ? "" : " [no text]")"
        }
        if !installer.isEmpty { lines += ["", "Linked into the installer:", ""] }
        lines += installer.map { part in
            "  \(part.name)\(part.version.map { " \($0)" } ?? ""): \(part.license ?? "no licence stated") [no text]"
        }
        for body in order {
            lines += ["", rule] + (owners[body] ?? []) + [rule, "", body]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Texts that are the same but for spaces at line ends count once.
    public var differentTexts: Int { distinct.order.count }

    private var distinct: (order: [String], owners: [String: [String]]) {
        var order: [String] = []
        var owners: [String: [String]] = [:]
        for row in packages {
            for text in row.texts ?? [] {
                let body = text.text
                if owners[body] == nil { order.append(body) }
                owners[body, default: []].append("\(row.title): \(text.path)")
            }
        }
        return (order, owners)
    }

    enum CodingKeys: String, CodingKey {
        case title, packages, installer
        case formatVersion = "airlift_licenses"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.formatVersion, forKey: .formatVersion)
        try container.encode(title, forKey: .title)
        try container.encode(packages.map(Row.init), forKey: .packages)
        try container.encode(
            installer.map { Part(name: $0.name, version: $0.version, license: $0.license) },
            forKey: .installer)
    }

    private struct Row: Encodable {
        let kind: PackageSet.Kind
        let name: String
        let version: String
        let license: String?
        let license_source: String?
        let expression: String?
        let texts: [Text]?

        init(_ row: Package) {
            kind = row.package.kind
            name = row.package.name
            version = row.package.version
            license = row.statement.text
            license_source = row.statement.source?.rawValue
            expression = row.statement.expression?.description
            texts = row.texts.map { $0.map { Text(path: $0.path, sha256: $0.sha256, text: $0.text) } }
        }
    }

    private struct Part: Encodable {
        let name: String
        let version: String?
        let license: String?
    }

    private struct Text: Encodable {
        let path: String
        let sha256: SHA256Digest
        let text: String
    }
}
